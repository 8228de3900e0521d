/// How much of the writer's time long work takes, done in small slices: storing goes first, for PPRO waits for its answer. A value that decides; `EventStore` acts.
struct SlicePace: Sendable, Equatable {
    /// About so many rows in one transaction: a third of a millisecond, and on a slow disk the sync.
    var rows = 48
    /// Of the time, while events come in. Half of it was measured with replays: they took twice as long and nobody waited less.
    var share = 0.25
    /// So often in a row events that wait go before a slice.
    var turns = 4
    /// Also while no events come in. Between two slices there often are none, at a thousand a second, too.
    var restsAlways = false

    /// About 70 MB a second on the disk that it was measured with. Without these rests the slowest answers took seven times as long, with them half as long again.
    static let copying = SlicePace(share: 0.05, restsAlways: true)

    /// How long to leave the writer alone after a slice that held it for `held`; nobody gains much by it while no events come in.
    func rest(after held: Duration, eventsCome: Bool) -> Duration {
        eventsCome || restsAlways ? held * ((1 - share) / share) : .zero
    }
}

/// How fast events have come of late.
struct ArrivalRate: Sendable, Equatable {
    /// Microseconds: long enough for some commits, short enough to notice a rush.
    static let window: Int64 = 50_000

    private(set) var perSecond = 0.0
    private var newest: Int64?
    private var since: Int64 = 0

    mutating func note(_ newest: Int64, at now: Int64) {
        if let before = self.newest {
            guard now - since >= Self.window else { return }
            perSecond = Double(newest - before) * 1_000_000 / Double(now - since)
        }
        self.newest = newest
        since = now
    }
}

import Provider

/// In which order events are sent. A *lane* is sent one after the other; lanes run side by side.
struct PlayPlan: Sendable {
    /// One sending of one event.
    struct Send: Hashable, Sendable {
        var life: Int
        /// Index into the life's events.
        var step: Int
    }

    /// How many lives, each with its number of events given by `steps`.
    private let lives: Int
    private let repeats: Int
    private let steps: @Sendable (Int) -> Int
    /// The sends, each a lane of its own, when they are shuffled.
    private let shuffled: [Send]?

    /// - Parameters:
    ///   - repeats: how often each event is sent in all, at least once.
    ///   - seed: nil keeps the order: each life is a lane, sent in order and then, for each repeat, in order again.
    init(lives: Int, repeats: Int, shuffleSeed seed: UInt64?, steps: @escaping @Sendable (Int) -> Int) {
        self.lives = lives
        self.repeats = repeats
        self.steps = steps
        guard let seed else {
            shuffled = nil
            return
        }
        var sends = (0..<lives).flatMap { life in PlayPlan.pass(over: life, steps: steps(life), times: repeats) }
        var generator = SeededGenerator(seed: seed, stream: .max - 1)
        generator.shuffle(&sends)
        shuffled = sends
    }

    var laneCount: Int { shuffled?.count ?? lives }

    /// The sends of a lane, in order; empty beyond the last.
    func lane(_ index: Int) -> [Send] {
        guard (0..<laneCount).contains(index) else { return [] }
        return shuffled.map { [$0[index]] } ?? PlayPlan.pass(over: index, steps: steps(index), times: repeats)
    }

    private static func pass(over life: Int, steps: Int, times: Int) -> [Send] {
        (0..<times).flatMap { _ in (0..<steps).map { Send(life: life, step: $0) } }
    }
}

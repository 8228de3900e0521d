/// When to apply, and how much at once. Storing goes first, for PPRO waits for its answer: a step ends when answers wait, and their commit comes before the next
/// step. As long as both can be done the steps grow with what is behind; in a rush they stay small and far between for some seconds. A value that decides; the
/// worker acts. Times are microseconds of a clock that never jumps.
struct ApplyPace: Sendable, Equatable {
    enum Decision: Equatable {
        /// One step. When so many are applied it ends as soon as answers wait.
        case apply(atLeast: Int)
        /// Not before this time.
        case wait(until: Int64)
    }

    /// After all was applied, what comes is gathered for so long: a transaction costs nearly the same for one event as for some.
    static let rest: Int64 = 8_000
    /// A step applies so many though answers wait. With fewer most of it would be the pages that each commit writes.
    static let leastStep = 12
    /// And so many when it is behind.
    static let greatestStep = 256
    /// The steps have grown when the events that are applied have waited for so many milliseconds.
    static let growth: Int64 = 250
    /// Events a second beyond which it is a rush: whoever sends them waits for answers, and would be slowed down by what is applied meanwhile. On the two cores
    /// where it was measured 12,000 can be stored and applied for good, and a closed loop of 64 connections reaches 20,000 to 29,000 before it is yielded to.
    static let rush = 14_000.0
    /// After a step in a rush the writer is left alone for so many times as long as it took.
    static let restInRush = 2.0
    /// For so many milliseconds, then less and less; after as many more it is as if there were no rush.
    static let patience: Int64 = 5_000

    private var atLeast = leastStep
    private var notBefore: Int64 = 0
    private var arrivals = ArrivalRate()

    func decide(now: Int64) -> Decision { now >= notBefore ? .apply(atLeast: atLeast) : .wait(until: notBefore) }

    /// A step was made.
    /// - Parameters:
    ///   - lag: milliseconds for which the last event that was applied had waited; 0 when that says nothing.
    ///   - newest: the newest event's number.
    mutating func applied(from start: Int64, to end: Int64, hasMore: Bool, lag: Int64, newest: Int64) {
        arrivals.note(newest, at: end)
        guard hasMore else {
            atLeast = Self.leastStep
            notBefore = end + Self.rest
            return
        }
        let isRush = arrivals.perSecond > Self.rush
        let urgency = isRush ? Double(lag - Self.patience) / Double(Self.patience) : Double(lag) / Double(Self.growth)
        let part = min(max(urgency, 0), 1)
        atLeast = Self.leastStep + Int((Double(Self.greatestStep - Self.leastStep) * part).rounded())
        notBefore = isRush ? end + Int64((Double(end - start) * Self.restInRush * (1 - part)).rounded()) : end
    }
}

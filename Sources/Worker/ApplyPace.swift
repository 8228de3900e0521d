/// How much of the writer's time applying may take while it keeps events from being stored. Storing goes first, for PPRO waits for its answer; applying follows,
/// and the longer it is behind the more it takes. A value that decides; the worker acts. Times are microseconds of a clock that never jumps.
struct ApplyPace: Sendable, Equatable {
    enum Decision: Equatable {
        /// At most so many events in one transaction.
        case apply(limit: Int)
        /// Not before this time.
        case wait(until: Int64)
    }

    /// When so many came while we applied, we were in the way. Fewer come in the few milliseconds of a step without any hurry.
    static let heldUpToYield = 8
    /// A transaction of so many takes some milliseconds: that long an answer waits for it.
    static let yieldingLimit = 64
    /// While it is less far behind than this, applying takes the least share of the time.
    static let patience: Int64 = 5_000_000
    /// And after so much longer the greatest.
    static let urgency: Int64 = 5_000_000
    static let leastShare = 0.1
    static let greatestShare = 0.7

    private let limit: Int
    private var yields = false
    private var notBefore: Int64 = 0
    /// Since when there has always been something to apply.
    private var behindSince: Int64?

    init(limit: Int) { self.limit = limit }

    func decide(now: Int64) -> Decision {
        guard yields else { return .apply(limit: limit) }
        return now < notBefore ? .wait(until: notBefore) : .apply(limit: min(limit, Self.yieldingLimit))
    }

    /// A step was made.
    /// - Parameters:
    ///   - hasMore: there may be more to apply.
    ///   - heldUp: how many events wait to be stored at its end.
    mutating func applied(from start: Int64, to end: Int64, hasMore: Bool, heldUp: Int) {
        yields = heldUp >= Self.heldUpToYield
        behindSince = hasMore || yields ? behindSince ?? start : nil
        let share = share(at: end)
        notBefore = end + Int64(Double(max(0, end - start)) * (1 - share) / share)
    }

    private func share(at now: Int64) -> Double {
        guard let behindSince else { return Self.leastShare }
        let urgency = Double(now - behindSince - Self.patience) / Double(Self.urgency)
        return Self.leastShare + (Self.greatestShare - Self.leastShare) * min(max(urgency, 0), 1)
    }
}

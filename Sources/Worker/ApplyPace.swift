/// When to apply, and how much at once. Storing goes first, for PPRO waits for its answer: applying takes the writer for a moment, then leaves it alone for a
/// while, and only when it stays behind it takes more. A value that decides; the worker acts. Times are microseconds of a clock that never jumps.
struct ApplyPace: Sendable, Equatable {
    enum Decision: Equatable {
        /// At most so many events in one transaction.
        case apply(limit: Int)
        /// Not before this time.
        case wait(until: Int64)
    }

    /// After all was applied, what comes is gathered for so long: a transaction costs nearly the same for one event as for some.
    static let rest: Int64 = 8_000
    /// While events come, a transaction takes so many: about two milliseconds, for which an answer waits.
    static let contendedLimit = 64
    /// When so many came while we applied, we were in the way. Fewer come in the few milliseconds of a step without any hurry.
    static let heldUpToYield = 8
    /// While it is less far behind than this, applying takes the least share of the time.
    static let patience: Int64 = 5_000_000
    /// And after so much longer the greatest.
    static let urgency: Int64 = 5_000_000
    static let leastShare = 1.0 / 3
    static let greatestShare = 0.7

    private let limit: Int
    private var isContended = false
    private var notBefore: Int64 = 0
    /// Since when there has always been something to apply.
    private var behindSince: Int64?

    init(limit: Int) { self.limit = limit }

    func decide(now: Int64) -> Decision {
        guard now >= notBefore else { return .wait(until: notBefore) }
        return .apply(limit: isContended ? min(limit, Self.contendedLimit) : limit)
    }

    /// A step was made.
    /// - Parameters:
    ///   - hasMore: there may be more to apply.
    ///   - heldUp: how many events wait to be stored at its end.
    mutating func applied(from start: Int64, to end: Int64, hasMore: Bool, heldUp: Int) {
        isContended = heldUp > 0
        behindSince = hasMore ? behindSince ?? start : nil
        guard hasMore else {
            notBefore = end + Self.rest
            return
        }
        guard heldUp >= Self.heldUpToYield else {
            notBefore = end
            return
        }
        let share = share(at: end)
        notBefore = end + Int64((Double(max(0, end - start)) * (1 - share) / share).rounded())
    }

    private func share(at now: Int64) -> Double {
        guard let behindSince else { return Self.leastShare }
        let urgency = Double(now - behindSince - Self.patience) / Double(Self.urgency)
        return Self.leastShare + (Self.greatestShare - Self.leastShare) * min(max(urgency, 0), 1)
    }
}

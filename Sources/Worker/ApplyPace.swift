/// When to apply, and how much at once. Storing goes first, for PPRO waits for its answer. As long as events come no faster than both can be done, applying goes
/// on in small steps; in a rush it leaves the writer alone for a while after each, and only when it stays behind it takes more. A value that decides; the worker
/// acts. Times are microseconds of a clock that never jumps.
struct ApplyPace: Sendable, Equatable {
    enum Decision: Equatable {
        /// At most so many events in one transaction.
        case apply(limit: Int)
        /// Not before this time.
        case wait(until: Int64)
    }

    /// After all was applied, what comes is gathered for so long: a transaction costs nearly the same for one event as for some.
    static let rest: Int64 = 8_000
    /// While events come, a transaction takes so many: some milliseconds, for which an answer waits.
    static let contendedLimit = 128
    /// And so many in a rush.
    static let rushLimit = 64
    /// When so many came while we applied, we were in the way. Fewer come in the few milliseconds of a step without any hurry.
    static let heldUpToYield = 8
    /// Events a second beyond which it is a rush. Where it was measured (two cores, 86 µs a sync) a closed loop that is not yielded to reaches 17,000 a second, and
    /// 12,000 can be stored and applied for good.
    static let rush = 14_000.0
    /// While it is less far behind than this, applying takes the least share of the time.
    static let patience: Int64 = 5_000_000
    /// And after so much longer the greatest.
    static let urgency: Int64 = 5_000_000
    static let leastShare = 1.0 / 3
    static let greatestShare = 0.7

    private let limit: Int
    private var isContended = false
    private var isYielding = false
    private var notBefore: Int64 = 0
    /// Since when there has always been something to apply.
    private var behindSince: Int64?
    private var arrivals = ArrivalRate()

    init(limit: Int) { self.limit = limit }

    func decide(now: Int64) -> Decision {
        guard now >= notBefore else { return .wait(until: notBefore) }
        guard isContended else { return .apply(limit: limit) }
        return .apply(limit: min(limit, isYielding ? Self.rushLimit : Self.contendedLimit))
    }

    /// A step was made.
    /// - Parameters:
    ///   - hasMore: there may be more to apply.
    ///   - heldUp: how many events wait to be stored at its end.
    ///   - newest: the newest event's number.
    mutating func applied(from start: Int64, to end: Int64, hasMore: Bool, heldUp: Int, newest: Int64) {
        arrivals.note(newest, at: end)
        isContended = heldUp > 0
        behindSince = hasMore ? behindSince ?? start : nil
        isYielding = hasMore && heldUp >= Self.heldUpToYield && arrivals.perSecond > Self.rush
        guard isYielding else {
            notBefore = hasMore ? end : end + Self.rest
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

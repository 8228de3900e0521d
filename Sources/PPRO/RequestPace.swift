package import PaymentCore

/// When the next request may go, so that PPRO never has to refuse one and the shop, which draws on the same limits, finds room.
///
/// Two things hold requests back: our own budget, and what PPRO last said about its buckets (one for reading, one for writing), of which a quarter is left
/// to the shop. What PPRO says is taken as it stood when it answered and grown at its rate since; requests that are under way are counted against it.
package struct RequestPace: Sendable, Equatable {
    /// PPRO counts them apart.
    package enum Lane: Sendable, CaseIterable { case read, write }

    package enum Turn: Sendable, Equatable {
        /// Send after so many milliseconds (0: at once); the turn is taken and must be handed back with `finish`.
        case after(Int64)
        /// It would take so many milliseconds, which is longer than the caller wants to wait; no turn is taken.
        case tooLong(Int64)
    }

    /// Assumed until PPRO names its rate; its slowest published one is 5 a second.
    static let assumedRate: Int64 = 1

    private var budget: TokenBucket
    private var lanes: [Lane: LaneState] = [:]

    private struct LaneState: Sendable, Equatable {
        /// nil until PPRO has said something about its limits.
        var bucket: TokenBucket?
        /// Turns taken and not handed back.
        var underWay: Int64 = 0
        var capacity: Int64?
    }

    /// - Parameter requestsPerSecond: requests a second that we allow ourselves over both lanes, at least 1; so many may also go at once after a pause.
    package init(requestsPerSecond: Int, at now: Instant) {
        let rate = Int64(clamping: requestsPerSecond)
        budget = TokenBucket(rate: rate, capacity: rate, tokens: RateLimitReport.maximum, at: now)
    }

    /// Takes the next turn, unless that is further away than `limit` milliseconds.
    package mutating func take(_ lane: Lane, at now: Instant, waitingAtMost limit: Int64) -> Turn {
        let wait = max(budget.wait(leaving: 0, at: now), refillMilliseconds(lane, at: now))
        guard wait <= limit else { return .tooLong(wait) }
        budget.take(at: now)
        lanes[lane, default: LaneState()].bucket?.take(at: now)
        lanes[lane, default: LaneState()].underWay += 1
        return .after(wait)
    }

    /// Hands a turn back, answered or not.
    /// - Parameters:
    ///   - report: What the answer's headers said; nil when there was no answer.
    ///   - wasRefused: The answer was 429: the bucket is empty, whatever the headers say.
    mutating func finish(_ lane: Lane, report: RateLimitReport?, wasRefused: Bool, at now: Instant) {
        var state = lanes[lane, default: LaneState()]
        state.underWay = max(state.underWay - 1, 0)
        if let report, let remaining = wasRefused ? 0 : report.remaining {
            let rate = report.replenishRate ?? state.bucket?.rate ?? Self.assumedRate
            // PPRO publishes that its buckets hold the tokens of two seconds.
            state.capacity = report.burstCapacity ?? state.capacity
            state.bucket = TokenBucket(rate: rate, capacity: state.capacity ?? rate * 2, tokens: remaining - state.underWay, at: now)
        }
        lanes[lane] = state
    }

    /// Milliseconds until PPRO's bucket is thought to have a token for us; 0 as long as PPRO has said nothing.
    mutating func refillMilliseconds(_ lane: Lane, at now: Instant) -> Int64 {
        guard var bucket = lanes[lane]?.bucket else { return 0 }
        let wait = bucket.wait(leaving: bucket.capacity / 4, at: now)
        lanes[lane]?.bucket = bucket
        return wait
    }
}

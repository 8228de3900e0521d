internal import PaymentCore

/// A token bucket in whole thousandths of tokens: at `rate` tokens a second, a millisecond brings exactly `rate` thousandths.
///
/// The level may be negative: then tokens have been promised that are still to come, each to somebody who waits for it.
struct TokenBucket: Sendable, Equatable {
    /// Tokens a second, 1 or more.
    private(set) var rate: Int64
    /// Tokens in a full bucket, 1 or more.
    private(set) var capacity: Int64
    private var level: Int64
    private var since: Instant

    /// Clocks jump; no bucket needs longer to fill up than this.
    private static let longestMilliseconds: Int64 = 3_600_000

    /// - Parameter tokens: what is in it now; at most `capacity`.
    init(rate: Int64, capacity: Int64, tokens: Int64, at now: Instant) {
        self.rate = min(max(rate, 1), RateLimitReport.maximum)
        self.capacity = min(max(capacity, 1), RateLimitReport.maximum)
        level = min(tokens, self.capacity) * 1000
        since = now
    }

    /// Milliseconds until one token can be taken and `reserve` ones are still there.
    mutating func wait(leaving reserve: Int64, at now: Instant) -> Int64 {
        refill(now)
        let missing = (1 + reserve) * 1000 - level
        return missing > 0 ? (missing + rate - 1) / rate : 0
    }

    /// Takes one token, or promises one of those to come.
    mutating func take(at now: Instant) {
        refill(now)
        level -= 1000
    }

    /// Time that runs backwards brings nothing and takes nothing away.
    private mutating func refill(_ now: Instant) {
        let elapsed = min(max(now.milliseconds(since: since), 0), Self.longestMilliseconds)
        level = min(level + elapsed * rate, capacity * 1000)
        since = now
    }
}

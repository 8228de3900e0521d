internal import PaymentCore

/// A token bucket in whole thousandths of tokens: a millisecond brings exactly as many of them as there are tokens a second.
struct TokenBucket: Sendable {
    private let limit: RateLimit
    private var level: Int64
    private var since: Instant

    private static let longestMilliseconds: Int64 = 3_600_000

    /// A full one.
    init(_ limit: RateLimit, at now: Instant) {
        self.limit = limit
        level = Int64(limit.burst) * 1000
        since = now
    }

    /// Whole tokens in it.
    mutating func remaining(at now: Instant) -> Int {
        // A clock that goes backwards brings nothing and takes nothing away.
        let elapsed = min(max(now.milliseconds(since: since), 0), Self.longestMilliseconds)
        level = min(level + elapsed * Int64(limit.perSecond), Int64(limit.burst) * 1000)
        since = now
        return Int(level / 1000)
    }

    /// Takes one; false when there is none.
    mutating func take(at now: Instant) -> Bool {
        guard remaining(at: now) > 0 else { return false }
        level -= 1000
        return true
    }

    /// PPRO's four headers.
    mutating func report(on answer: inout APIAnswer, at now: Instant) {
        answer.set("X-RateLimit-Remaining", String(remaining(at: now)))
        answer.set("X-RateLimit-Requested-Tokens", "1")
        answer.set("X-RateLimit-Burst-Capacity", String(limit.burst))
        answer.set("X-RateLimit-Replenish-Rate", String(limit.perSecond))
    }
}

/// Whether a request that came to nothing is made again, and after how long. A writing request is made again with the same idempotency key only.
package struct RetryPlan: Sendable, Equatable {
    /// What went wrong, as far as it decides about another attempt.
    package enum Setback: Sendable, Equatable {
        /// 409: the same key is under way, or was used with another body; PPRO's answer does not tell which.
        case conflict
        /// 429; the milliseconds until the bucket has a token again.
        case rateLimited(refillMilliseconds: Int64)
        /// 5xx, 504 before all: PPRO gave up waiting for somebody else.
        case server
        /// No answer: not connected, cut off, timed out.
        case transport
    }

    /// The first attempt counts.
    package var maximumAttempts: Int
    package var firstDelayMilliseconds: Int64
    /// Where the doubling ends.
    package var maximumDelayMilliseconds: Int64

    package init(maximumAttempts: Int = 5, firstDelayMilliseconds: Int64 = 500, maximumDelayMilliseconds: Int64 = 8_000) {
        self.maximumAttempts = maximumAttempts
        self.firstDelayMilliseconds = firstDelayMilliseconds
        self.maximumDelayMilliseconds = maximumDelayMilliseconds
    }

    /// What an answer with that status means; nil when another attempt could only bring the same.
    /// - Parameter isWrite: A reading request carries no key, so its 409 is no matter of idempotency.
    package static func setback(status: Int, isWrite: Bool, refillMilliseconds: Int64) -> Setback? {
        switch status {
        case 409 where isWrite: .conflict
        case 429: .rateLimited(refillMilliseconds: refillMilliseconds)
        case 500...599: .server
        default: nil
        }
    }

    /// Milliseconds to wait before the next attempt; nil when none is left.
    ///
    /// The delay doubles from attempt to attempt and the dice choose between half of it and the whole, so that clients that failed together do not come back
    /// together. After a 429 it is at least as long as the bucket needs.
    /// - Parameters:
    ///   - attempt: The number of the one that just failed, 1 for the first (less counts as 1).
    ///   - dice: 64 random bits.
    package func delay(afterAttempt attempt: Int, _ setback: Setback, dice: UInt64) -> Int64? {
        let attempt = max(attempt, 1)
        guard attempt < maximumAttempts else { return nil }
        var delay = min(max(firstDelayMilliseconds, 1), max(maximumDelayMilliseconds, 1))
        for _ in 1..<min(attempt, 63) where delay < maximumDelayMilliseconds {
            let (doubled, overflow) = delay.multipliedReportingOverflow(by: 2)
            delay = overflow ? maximumDelayMilliseconds : min(doubled, maximumDelayMilliseconds)
        }
        let half = delay / 2
        let jittered = delay - half + Int64(dice % (UInt64(half) + 1))
        if case .rateLimited(let refill) = setback { return max(refill, jittered) }
        return jittered
    }
}

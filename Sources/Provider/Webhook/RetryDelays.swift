/// How PPRO repeats a webhook that was not answered with 2xx: after 15 s, then twice as long each time, 15 attempts (about 68 hours in all).
package struct RetryDelays: Sendable {
    /// The first delay; PPRO's is 15 s.
    package var baseMilliseconds: Int64
    /// All attempts, the first included.
    package var attempts: Int

    package init(baseMilliseconds: Int64 = 15_000, attempts: Int = 15) {
        self.baseMilliseconds = baseMilliseconds
        self.attempts = attempts
    }

    /// Milliseconds to wait after attempt `number` (from 1); nil when no attempt is left. Stops at 30 days instead of overflowing.
    package func delay(afterAttempt number: Int) -> Int64? {
        guard number < attempts else { return nil }
        let longest: Int64 = 30 * 86_400_000
        var delay = min(max(baseMilliseconds, 0), longest)
        for _ in 1..<max(number, 1) where delay < longest { delay = min(delay * 2, longest) }
        return delay
    }
}

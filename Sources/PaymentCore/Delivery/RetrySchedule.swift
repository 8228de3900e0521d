/// How long to wait after each failed attempt. The first attempt is made at once; after attempt n comes the n-th delay; after the last delay's attempt
/// the delivery is dead.
package struct RetrySchedule: Sendable, Equatable {
    /// Milliseconds, in the order of the attempts.
    package var delays: [Int64]

    package init(delays: [Int64]) { self.delays = delays }

    /// 18 attempts over a little more than three days: longer than a long weekend.
    package static let standard = RetrySchedule(
        delays: [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 86_400].map { $0 * 1000 })

    /// `Retry-After` is honoured up to 24 h.
    package static let retryAfterLimitMilliseconds: Int64 = 86_400_000
    /// A delay read from text is at least 1 ms (a zero would hammer the shop) and at most 30 days.
    package static let delayLimitsMilliseconds: ClosedRange<Int64> = 1...Jitter.maximumMilliseconds
    /// A schedule read from text has at most so many delays.
    package static let maximumDelays = 100

    /// Reads `1s,2s,5s`: durations as `DurationText` takes them, separated by single commas and nothing else.
    /// nil for anything else, for no delay, for more than 100 and for a delay outside 1 ms...30 d.
    package init?(_ text: String) {
        var delays: [Int64] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard delays.count < Self.maximumDelays,
                let delay = DurationText.parse(String(part)), Self.delayLimitsMilliseconds.contains(delay)
            else { return nil }
            delays.append(delay)
        }
        self.delays = delays
    }

    /// The text that `init(_:)` reads.
    package var text: String { delays.map(DurationText.format).joined(separator: ",") }

    /// How many attempts are made before a delivery is dead.
    package var maximumAttempts: Int { delays.count + 1 }

    /// The longest wait this schedule can ask for, in milliseconds, jitter and `Retry-After` included: a due time further ahead comes from a wrong clock.
    package var longestWaitMilliseconds: Int64 {
        max(Jitter.lengthen(delays.max() ?? 0, by: 1), Self.retryAfterLimitMilliseconds)
    }

    /// When to try again; nil when no attempt is left.
    /// - Parameters:
    ///   - n: The number of the attempt that just failed, 1 for the first (less counts as 1).
    ///   - jitter: 0..<1; lengthens the delay by up to a fifth.
    ///   - retryAfter: Milliseconds the endpoint asked for (`RetryAfter.parse`). It can put the attempt off, up to 24 h, but not bring it forward
    ///     and not add one.
    package func nextAttempt(afterAttempt n: Int, at now: Instant, jitter: Double, retryAfter: Int64?) -> Instant? {
        let index = max(n, 1) - 1
        guard index < delays.count else { return nil }
        let asked = min(retryAfter ?? 0, Self.retryAfterLimitMilliseconds)
        return now.advanced(byMilliseconds: max(Jitter.lengthen(delays[index], by: jitter), asked))
    }
}

package import PaymentCore

/// Decides when refusals are worth a log line: at most one a second, so that a flood of forged requests does not become a flood of lines. What has not been
/// said yet is said by the next line, or by `flush` when none comes.
package struct RefusalLog: Sendable {
    /// Milliseconds between two lines.
    package static let interval: Int64 = 1000

    private var counts = [Int](repeating: 0, count: Refusal.allCases.count)
    private var lastLine: Instant?

    package init() {}

    /// Counts a refusal. Returns what to log now: every refusal since the last line, by reason; nil when the last line is less than a second old.
    package mutating func record(_ refusal: Refusal, now: Instant) -> [(refusal: Refusal, count: Int)]? {
        counts[refusal.rawValue] += 1
        if let lastLine, (0..<Self.interval).contains(now.milliseconds(since: lastLine)) { return nil }
        lastLine = now
        return flush()
    }

    /// What no line has said yet; nil when there is nothing.
    package mutating func flush() -> [(refusal: Refusal, count: Int)]? {
        var unsaid: [(refusal: Refusal, count: Int)] = []
        for refusal in Refusal.allCases where counts[refusal.rawValue] > 0 {
            unsaid.append((refusal, counts[refusal.rawValue]))
            counts[refusal.rawValue] = 0
        }
        return unsaid.isEmpty ? nil : unsaid
    }
}

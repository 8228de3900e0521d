package import PaymentCore

/// Decides when refusals are worth a log line: at most one a second, so that a flood of forged requests does not become a flood of lines. What has not been
/// said yet is said by the next line, or by `flush` when none comes.
package struct RefusalLog: Sendable {
    /// Every refusal since the line before.
    package struct Line: Sendable {
        /// By reason.
        package var counts: [(refusal: Refusal, count: Int)]
        /// The first addresses that they came from, each once.
        package var sources: [String]
        /// There were others.
        package var hasMoreSources: Bool
    }

    /// Milliseconds between two lines.
    package static let interval: Int64 = 1000
    /// Addresses in one line.
    private static let maximumSources = 4

    private var counts = [Int](repeating: 0, count: Refusal.allCases.count)
    private var sources: [String] = []
    private var hasMoreSources = false
    private var lastLine: Instant?

    package init() {}

    /// Counts a refusal. Returns what to log now; nil when the last line is less than a second old.
    /// - Parameter source: where the request came from, where that is known and of interest.
    package mutating func record(_ refusal: Refusal, from source: String? = nil, now: Instant) -> Line? {
        counts[refusal.rawValue] += 1
        if let source, !sources.contains(source) {
            if sources.count < Self.maximumSources { sources.append(source) } else { hasMoreSources = true }
        }
        if let lastLine, (0..<Self.interval).contains(now.milliseconds(since: lastLine)) { return nil }
        lastLine = now
        return flush()
    }

    /// What no line has said yet; nil when there is nothing.
    package mutating func flush() -> Line? {
        var unsaid: [(refusal: Refusal, count: Int)] = []
        for refusal in Refusal.allCases where counts[refusal.rawValue] > 0 {
            unsaid.append((refusal, counts[refusal.rawValue]))
            counts[refusal.rawValue] = 0
        }
        guard !unsaid.isEmpty else { return nil }
        defer { (sources, hasMoreSources) = ([], false) }
        return Line(counts: unsaid, sources: sources, hasMoreSources: hasMoreSources)
    }
}

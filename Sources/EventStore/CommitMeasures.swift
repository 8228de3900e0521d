package import PaymentCore

/// How the group commits of received events went since the start.
package struct CommitMeasures: Sendable, Equatable {
    /// From BEGIN to the end of COMMIT, the sync included, in microseconds.
    package private(set) var durations = Histogram(
        bounds: [250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000])
    /// How many events one commit took together.
    package private(set) var events = Histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])

    package init() {}

    mutating func record(events count: Int, took duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (microseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        durations.record(overflow ? .max : microseconds &+ attoseconds / 1_000_000_000_000)
        events.record(Int64(count))
    }
}

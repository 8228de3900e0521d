import EventStore
package import PaymentCore

/// How the attempts to tell one endpoint went since the start. Attempts that we broke off ourselves do not count.
package struct AttemptMeasures: Sendable, Equatable {
    package private(set) var delivered: Int64 = 0
    package private(set) var retried: Int64 = 0
    package private(set) var dead: Int64 = 0
    /// Of whole attempts, in milliseconds.
    package private(set) var durations = Histogram(bounds: [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 15_000, 30_000])

    package init() {}

    mutating func record(_ next: AttemptRecord.Next, milliseconds: Int64) {
        switch next {
        case .delivered: delivered += 1
        case .retry: retried += 1
        case .dead: dead += 1
        }
        durations.record(milliseconds)
    }
}

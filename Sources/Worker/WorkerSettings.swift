package import PaymentCore

/// What the operator can set about applying and notifying.
package struct WorkerSettings: Sendable {
    /// Delays between the attempts of one delivery; after the last one it is dead.
    package var schedule: RetrySchedule
    /// For one whole attempt, in milliseconds.
    package var timeoutMilliseconds: Int64
    /// Attempts under way at the same time, for each endpoint by itself.
    package var concurrencyPerEndpoint: Int
    /// Events applied in one transaction at most.
    package var batchSize: Int
    /// Sent with every attempt: `terima/<version>`.
    package var userAgent: String

    package init(
        schedule: RetrySchedule = .standard, timeoutMilliseconds: Int64 = 15_000, concurrencyPerEndpoint: Int = 16, batchSize: Int = 256,
        userAgent: String = "terima"
    ) {
        self.schedule = schedule
        self.timeoutMilliseconds = max(timeoutMilliseconds, 1)
        self.concurrencyPerEndpoint = max(concurrencyPerEndpoint, 1)
        self.batchSize = max(batchSize, 1)
        self.userAgent = userAgent
    }
}

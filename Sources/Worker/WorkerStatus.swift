package import PaymentCore

/// What only the running worker knows: nothing of it is stored.
package struct WorkerStatus: Sendable, Equatable {
    package struct OfEndpoint: Sendable, Equatable {
        package var name: String
        package var breaker: Breaker.State
        /// Attempts under way, and those that have ended but could not be recorded yet.
        package var inFlight: Int
        package var attempts: AttemptMeasures
        /// How many secrets sign what is sent there.
        package var secretCount: Int
    }

    /// In the order of the configuration.
    package var endpoints: [OfEndpoint]
    /// Why the last step could not do its work (the store's code or `unexpected`); nil while all is well.
    package var trouble: String?
}

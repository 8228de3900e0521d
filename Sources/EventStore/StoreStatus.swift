package import PaymentCore

/// How things stand, in numbers.
package struct StoreStatus: Sendable, Equatable {
    /// The newest event's number, which is also how many there are.
    package var lastSeq: Int64 = 0
    /// Waiting to be applied.
    package var received: Int64 = 0
    package var applied: Int64 = 0
    package var failed: Int64 = 0
    /// Other bodies that came under an identity already taken.
    package var conflicts: Int64 = 0
    /// When the newest event came.
    package var lastReceivedAt: Instant?
    /// When the oldest event came that still waits to be applied.
    package var oldestUnappliedAt: Instant?
    /// The same without those that a replay asked for again, which may be of any age.
    package var oldestNewAt: Instant?
    package var charges: Int64 = 0
    package var agreements: Int64 = 0
    /// Charges and agreements with anomalies.
    package var anomalous: Int64 = 0
    package var pending: Int64 = 0
    package var delivered: Int64 = 0
    package var dead: Int64 = 0
    /// Endpoints with pending or dead deliveries, by name.
    package var endpoints: [EndpointStatus] = []

    package struct EndpointStatus: Sendable, Equatable {
        package var endpoint: String
        package var pending: Int64 = 0
        package var dead: Int64 = 0
        /// When the next attempt is due.
        package var nextAttemptAt: Instant?
    }
}

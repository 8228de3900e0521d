import EventStore
import PaymentCore

/// The attempts between being taken from the outbox and being recorded there. A delivery in here is not taken a second time, which is what keeps a
/// charge's lane to one at a time; only memory holds it, so after a crash the delivery is simply due again.
struct PendingAttempts: Sendable {
    struct Attempt: Sendable {
        var delivery: DueDelivery
        var startedAt: Instant
        /// The breaker let it through to find out whether the endpoint is back.
        var isProbe: Bool
        /// nil for the moment between taking and sending, and once it has ended.
        var cancellation: Cancellation?
    }

    private var byEndpoint: [[Int64: Attempt]]

    init(endpoints: Int) { byEndpoint = Array(repeating: [:], count: endpoints) }

    var isEmpty: Bool { byEndpoint.allSatisfy(\.isEmpty) }

    /// Deliveries of an endpoint (by its place in the configuration) that are taken.
    func deliveries(of endpoint: Int) -> Set<Int64> { Set(byEndpoint[endpoint].keys) }

    func count(of endpoint: Int) -> Int { byEndpoint[endpoint].count }

    mutating func take(_ attempt: Attempt, endpoint: Int) { byEndpoint[endpoint][attempt.delivery.seq] = attempt }

    mutating func attach(_ cancellation: Cancellation, to delivery: Int64, endpoint: Int) {
        byEndpoint[endpoint][delivery]?.cancellation = cancellation
    }

    /// The attempt that has ended; it stays in here, keeping its slot and its lane, until `remove`.
    mutating func ended(_ delivery: Int64, endpoint: Int) -> Attempt? {
        byEndpoint[endpoint][delivery]?.cancellation = nil
        return byEndpoint[endpoint][delivery]
    }

    mutating func remove(_ delivery: Int64, endpoint: Int) { byEndpoint[endpoint][delivery] = nil }

    /// They began as long ago as they did before.
    mutating func clockWasSet(byMilliseconds milliseconds: Int64) {
        for endpoint in byEndpoint.indices {
            byEndpoint[endpoint] = byEndpoint[endpoint].mapValues { attempt in
                var attempt = attempt
                attempt.startedAt = attempt.startedAt.advanced(byMilliseconds: milliseconds)
                return attempt
            }
        }
    }

    /// Of the attempts still under way.
    var cancellations: [Cancellation] { byEndpoint.flatMap { $0.values.compactMap(\.cancellation) } }
}

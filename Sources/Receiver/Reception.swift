import EventStore
import Logging
import PaymentCore
import Synchronization

/// What all connections of a receiver share.
final class Reception: Sendable {
    let store: EventStore
    let limits: RequestLimits
    let now: @Sendable () -> Instant
    let counters = ReceiverCounters()
    private let verifier: Mutex<SignatureVerifier>
    private let refusals = Mutex(RefusalLog())
    private let logger: Logger

    init(store: EventStore, verifier: SignatureVerifier, limits: RequestLimits, now: @escaping @Sendable () -> Instant, logger: Logger) {
        self.store = store
        self.verifier = Mutex(verifier)
        self.limits = limits
        self.now = now
        self.logger = logger
    }

    var currentVerifier: SignatureVerifier { verifier.withLock { $0 } }

    /// For requests whose body ends from here on.
    func replaceVerifier(_ next: SignatureVerifier) { verifier.withLock { $0 = next } }

    func count(_ answer: ReceiverAnswer) {
        counters.count(answer)
        guard let refusal = answer.refusal else { return }
        let now = now()
        log(refusals.withLock { $0.record(refusal, now: now) })
    }

    func logRemainingRefusals() {
        log(refusals.withLock { $0.flush() })
    }

    private func log(_ unsaid: [(refusal: Refusal, count: Int)]?) {
        guard let unsaid else { return }
        var metadata = Logger.Metadata()
        for (refusal, count) in unsaid { metadata[refusal.code] = "\(count)" }
        logger.warning("Requests refused", metadata: metadata)
    }
}

import EventStore
import Logging
import NIOCore
import PaymentCore
import Synchronization

/// What all connections of a receiver share.
final class Reception: Sendable {
    let store: EventStore
    let limits: RequestLimits
    let now: @Sendable () -> Instant
    let counters = ReceiverCounters()
    let bodyMemory: BodyMemory
    private let verifier: Mutex<SignatureVerifier>
    private let refusals = Mutex(RefusalLog())
    private let logger: Logger
    /// Says later what was not worth a line at once.
    private let loop: any EventLoop
    private let isFlushDue = Atomic(false)
    private let outcomes: [ObjectIdentifier: OutcomeMailbox]

    init(
        store: EventStore, verifier: SignatureVerifier, limits: RequestLimits, now: @escaping @Sendable () -> Instant, logger: Logger,
        group: any EventLoopGroup
    ) {
        self.store = store
        self.verifier = Mutex(verifier)
        self.limits = limits
        bodyMemory = BodyMemory(maximum: limits.maximumCollectedBytes)
        self.now = now
        self.logger = logger
        loop = group.any()
        outcomes = Dictionary(group.makeIterator().map { (ObjectIdentifier($0), OutcomeMailbox(loop: $0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// What all connections of a loop share; of the group's loops there is one each.
    func outcomes(for loop: any EventLoop) -> OutcomeMailbox { outcomes[ObjectIdentifier(loop)] ?? OutcomeMailbox(loop: loop) }

    var currentVerifier: SignatureVerifier { verifier.withLock { $0 } }

    /// For requests whose body ends from here on.
    func replaceVerifier(_ next: SignatureVerifier) { verifier.withLock { $0 = next } }

    func count(_ answer: ReceiverAnswer) {
        guard let refusal = answer.refusal else { return counters.count(answer, now: now()) }
        let now = now()
        counters.count(answer, now: now)
        if let line = refusals.withLock({ $0.record(refusal, now: now) }) { return log(line) }
        guard !isFlushDue.exchange(true, ordering: .relaxed) else { return }
        loop.scheduleTask(in: .milliseconds(RefusalLog.interval)) { [weak self] in
            guard let self else { return }
            isFlushDue.store(false, ordering: .relaxed)
            logRemainingRefusals()
        }
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

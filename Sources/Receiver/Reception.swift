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
    let proxies: TrustedProxies
    private let verification: Mutex<Verification>
    private let identity: Mutex<TLSIdentity?>
    let bodyMemory: BodyMemory
    private let refusals = Mutex(RefusalLog())
    private let logger: Logger
    /// Says later what was not worth a line at once.
    private let loop: any EventLoop
    private let isFlushDue = Atomic(false)
    private let outcomes: [ObjectIdentifier: OutcomeMailbox]

    /// What webhooks are verified with, and what came of it.
    struct Verification: Sendable {
        var verifier: SignatureVerifier
        var uses: SecretUses
    }

    init(
        store: EventStore, verifier: SignatureVerifier, identity: TLSIdentity?, proxies: TrustedProxies, limits: RequestLimits,
        now: @escaping @Sendable () -> Instant, logger: Logger, group: any EventLoopGroup
    ) {
        self.store = store
        verification = Mutex(Verification(verifier: verifier, uses: SecretUses(Array(repeating: nil, count: verifier.secretCount))))
        self.identity = Mutex(identity)
        self.proxies = proxies
        self.limits = limits
        bodyMemory = BodyMemory(maximum: limits.maximumCollectedBytes)
        self.now = now
        self.logger = logger
        loop = group.any()
        outcomes = Dictionary(group.makeIterator().map { (ObjectIdentifier($0), OutcomeMailbox(loop: $0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// What all connections of a loop share; of the group's loops there is one each.
    func outcomes(for loop: any EventLoop) -> OutcomeMailbox { outcomes[ObjectIdentifier(loop)] ?? OutcomeMailbox(loop: loop) }

    var currentVerification: Verification { verification.withLock { $0 } }

    /// For requests whose body ends from here on. A secret that was there before keeps the time of its last use, whatever its position.
    func replaceVerifier(_ next: SignatureVerifier) {
        verification.withLock { current in
            let last = current.uses.last
            let kept = next.positions(in: current.verifier).map { position in position.flatMap { last[$0] } }
            current = Verification(verifier: next, uses: SecretUses(kept))
        }
    }

    /// What new connections are encrypted with; nil when they are not.
    var currentIdentity: TLSIdentity? { identity.withLock { $0 } }

    /// For connections from here on. Nothing when they are not encrypted.
    func replaceIdentity(_ next: TLSIdentity) { identity.withLock { $0 = $0 == nil ? nil : next } }

    /// - Parameter source: where the request came from, for the log of refusals; nil where that explains nothing.
    func count(_ answer: ReceiverAnswer, from source: @autoclosure () -> String? = nil) {
        guard let refusal = answer.refusal else { return counters.count(answer, now: now()) }
        let now = now()
        counters.count(answer, now: now)
        let source = source()
        if let line = refusals.withLock({ $0.record(refusal, from: source, now: now) }) { return log(line) }
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

    private func log(_ line: RefusalLog.Line?) {
        guard let line else { return }
        var metadata = Logger.Metadata()
        for (refusal, count) in line.counts { metadata[refusal.code] = "\(count)" }
        if !line.sources.isEmpty { metadata["from"] = "\((line.sources + (line.hasMoreSources ? ["others"] : [])).joined(separator: ","))" }
        logger.warning("Requests refused", metadata: metadata)
    }
}

import EventStore
import Logging
import PaymentCore

/// Tells the shop: takes what is due from the outbox, sends it, and records how each attempt ended. Confined to the worker's queue; `step(now:)` is the
/// whole of it.
///
/// At least once: an attempt is recorded after it was made, so a crash between the two makes the shop hear the same id again. A result that cannot be
/// recorded (full disk) stays here, its delivery stays taken, and every further step tries again; the slots bound how many can wait like that, and nothing
/// new is sent meanwhile.
struct Notify: Sendable {
    let store: EventStore
    /// In the order of the configuration; only their secrets ever change.
    private(set) var endpoints: [Endpoint]
    let settings: WorkerSettings
    let sender: any Sender
    /// 0..<1, drawn anew for every wait.
    let jitter: @Sendable () -> Double
    /// Called on any thread when a result has come in: the next step collects it.
    let onResult: @Sendable () -> Void
    let logger: Logger

    var breakers: [Breaker]
    var pending: PendingAttempts
    var unrecorded: [Finished] = []
    /// By endpoint.
    var measures: [AttemptMeasures]
    /// Endpoints that have just come back, until their backlog was pulled forward.
    var comeBack: Set<Int> = []
    private let mailbox = Mailbox()

    /// An attempt that has ended, as it will be recorded.
    struct Finished: Sendable {
        var endpoint: Int
        var record: AttemptRecord
    }

    init(
        store: EventStore, endpoints: [Endpoint], settings: WorkerSettings, sender: any Sender, jitter: @escaping @Sendable () -> Double,
        logger: Logger, onResult: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.endpoints = endpoints
        self.settings = settings
        self.sender = sender
        self.jitter = jitter
        self.logger = logger
        self.onResult = onResult
        breakers = Array(repeating: Breaker(), count: endpoints.count)
        pending = PendingAttempts(endpoints: endpoints.count)
        measures = Array(repeating: AttemptMeasures(), count: endpoints.count)
    }

    /// Collects results and records them, then starts what is due: one transaction. Returns when the next step is due; nil when only a result or a commit
    /// can bring new work.
    /// - Throws: What the store throws; nothing is lost then, and the same step can be made again.
    mutating func step(now: Instant) throws -> Instant? {
        guard !endpoints.isEmpty else { return nil }
        collect(now: now)
        let plan = try store.write("notify") { transaction in
            try record(in: transaction, now: now)
            return try endpoints.indices.map { try look(endpoint: $0, in: transaction, now: now) }
        }
        forgetRecorded()
        var next: Instant?
        for (endpoint, found) in plan.enumerated() {
            start(found.due, endpoint: endpoint, now: now)
            next = [next, nextLook(endpoint: endpoint, after: found)].compactMap { $0 }.min()
        }
        return next
    }

    /// The half of a step that is left while the worker stops: records what has ended and starts nothing.
    mutating func recordOnly(now: Instant) throws {
        collect(now: now)
        guard !unrecorded.isEmpty else { return }
        try store.write("notify") { try record(in: $0, now: now) }
        forgetRecorded()
    }

    /// What attempts from here on are signed with. - Parameter secrets: by the endpoint's name; one that is not in it keeps those it has.
    mutating func replaceSecrets(_ secrets: [String: [EndpointSecret]]) {
        for index in endpoints.indices { endpoints[index].secrets = secrets[endpoints[index].name] ?? endpoints[index].secrets }
    }

    private mutating func collect(now: Instant) {
        for result in mailbox.takeAll() { settle(result, now: now) }
    }

    private func record(in transaction: Transaction, now: Instant) throws {
        // First, so that what is recorded below keeps the wait it has earned.
        for endpoint in comeBack { _ = try transaction.pullForward(endpoint: endpoints[endpoint].name, now: now) }
        for finished in unrecorded {
            do {
                try transaction.recordAttempt(finished.record)
            } catch {
                guard error.kind == .attemptStale else { throw error }
                // Nothing was written, and nothing would be another time. The delivery's present state stands.
                logger.error("an attempt cannot be recorded", metadata: ["delivery": "\(finished.record.delivery)", "code": "\(error.code)"])
            }
        }
    }

    private mutating func forgetRecorded() {
        for finished in unrecorded { pending.remove(finished.record.delivery, endpoint: finished.endpoint) }
        unrecorded = []
        comeBack = []
    }

    private struct Found: Sendable {
        var due: [DueDelivery]
        var nextDue: Instant?
    }

    /// What an endpoint has room for now, and when something further becomes due.
    private func look(endpoint: Int, in transaction: Transaction, now: Instant) throws -> Found {
        let recorded = Set(unrecorded.lazy.filter { $0.endpoint == endpoint }.map(\.record.delivery))
        let taken = pending.deliveries(of: endpoint).subtracting(recorded)
        let free = settings.concurrencyPerEndpoint - taken.count
        guard free > 0 else { return Found(due: [], nextDue: nil) }  // the next result brings the next step
        let limit = if case .closed = breakers[endpoint].state { free } else { 1 }
        let name = endpoints[endpoint].name
        return Found(
            due: try transaction.dueDeliveries(endpoint: name, now: now, limit: limit, excluding: taken),
            nextDue: try transaction.nextDue(endpoint: name, after: now))
    }

    /// Starts as many as the breaker lets through. What is damaged cannot be told, and must not keep the others from being told.
    private mutating func start(_ due: [DueDelivery], endpoint: Int, now: Instant) {
        for delivery in due {
            guard let body = delivery.body else {
                giveUp(delivery, endpoint: endpoint, now: now)
                continue
            }
            switch breakers[endpoint].mayStart(now: now) {
            case .go: send(delivery, body, endpoint: endpoint, isProbe: false, now: now)
            case .probe: return send(delivery, body, endpoint: endpoint, isProbe: true, now: now)
            case .wait, .hold: return
            }
        }
    }

    /// When time alone can bring new work for the endpoint.
    private func nextLook(endpoint: Int, after found: Found) -> Instant? {
        switch breakers[endpoint].state {
        case .closed: found.nextDue
        case .open(let until, _): found.due.isEmpty ? found.nextDue.map { max($0, until) } : until
        case .probing: nil
        }
    }

    private mutating func send(_ delivery: DueDelivery, _ body: [UInt8], endpoint: Int, isProbe: Bool, now: Instant) {
        let target = endpoints[endpoint]
        // Signed anew for each attempt: the receiver checks the time. Id and body stay the same for ever.
        var headers = StandardWebhooks.headers(id: delivery.notificationId, at: now, body: body, secrets: target.secrets)
        headers.append((name: "Content-Type", value: Notification.contentType))
        headers.append((name: "User-Agent", value: settings.userAgent))
        let request = OutgoingRequest(
            endpoint: target.name, url: target.url, headers: headers, body: body, timeoutMilliseconds: settings.timeoutMilliseconds)

        pending.take(.init(delivery: delivery, startedAt: now, isProbe: isProbe), endpoint: endpoint)
        let mailbox = mailbox
        let onResult = onResult
        let started = ContinuousClock.now
        let cancellation = sender.send(request) { result in
            mailbox.post(
                .init(endpoint: endpoint, delivery: delivery.seq, result: result, durationMilliseconds: (ContinuousClock.now - started).milliseconds))
            onResult()
        }
        pending.attach(cancellation, to: delivery.seq, endpoint: endpoint)
    }
}

extension Duration {
    /// Whole milliseconds; what is left over is dropped.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : product &+ attoseconds / 1_000_000_000_000_000
    }
}

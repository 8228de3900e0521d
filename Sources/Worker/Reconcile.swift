import EventStore
import Logging
import PaymentCore

/// Asks PPRO about charges in doubt and brings its answers in as events. Confined to the reconciler's queue; `step(now:)` is the whole of it, and never waits:
/// questions are asked by tasks of their own, whose results the next step takes up.
///
/// Two kinds of questions: charges whose turn has come (`charge.ask_at`), and names that somebody waits for, which go first and are asked once.
struct Reconcile: Sendable {
    private let store: EventStore
    private let inquiry: Inquiry
    private let concurrency: Int
    private let logger: Logger
    /// Asked for by name, in order; bounded, since who waits for a name looks for it in the database anyway.
    private var names: [String] = []
    private var underWay: [Inquiry.Subject: Task<Void, Never>] = [:]
    private var pause = Pause()
    private(set) var counts = ReconcilerStatus.Counts()

    static let mostNames = 1_000

    init(store: EventStore, inquiry: Inquiry, concurrency: Int, logger: Logger) {
        (self.store, self.inquiry, self.concurrency, self.logger) = (store, inquiry, max(1, concurrency), logger)
    }

    var trouble: String? { pause.code }
    var inFlight: Int { underWay.count }

    mutating func add(name: String) {
        guard names.count < Self.mostNames, !names.contains(name), underWay[.name(name)] == nil else { return }
        names.append(name)
    }

    /// Takes up results, then asks what is due. Returns when to step again if nothing else happens; nil: only when woken.
    /// - Throws: What the store throws; what was under way stays so and nothing is asked twice.
    mutating func step(now: Instant) throws -> Instant? {
        for result in inquiry.results.takeAll() { try take(result, now: now) }
        if let until = pause.until, now < until { return until }
        while underWay.count < concurrency, !names.isEmpty { ask(.name(names.removeFirst())) }
        let room = concurrency - underWay.count
        guard room > 0 else { return nil }
        let (due, next) = try store.write("claim asks") { transaction in
            (try transaction.claimAsks(limit: room, now: now), try transaction.nextAsk())
        }
        for item in due {
            logger.info("asking PPRO about a charge", metadata: ["charge": "\(item.charge)", "reason": "\(item.reason.rawValue)"])
            ask(.due(item.charge))
        }
        // With all places taken the next result makes the next step.
        return underWay.count < concurrency ? next : nil
    }

    /// Breaks off what is under way; it is due again at the next start.
    mutating func stop() -> [Task<Void, Never>] {
        names = []
        for task in underWay.values { task.cancel() }
        return Array(underWay.values)
    }

    private mutating func ask(_ subject: Inquiry.Subject) {
        guard underWay[subject] == nil else { return }
        counts.asked += 1
        underWay[subject] = Task { [inquiry] in await inquiry.run(subject) }
    }

    private mutating func take(_ result: Inquiry.Result, now: Instant) throws {
        underWay[result.subject] = nil
        switch result.outcome {
        case .success(let answers):
            pause.ended(logger)
            counts.answered += 1
            counts.news += Int64(answers.count(where: \.isNews))
            if case .due(let id) = result.subject, answers.isEmpty {
                logger.warning("PPRO knows no such charge", metadata: ["charge": "\(id)", "code": "charge_unknown"])
            }
            try settle(result.subject, answers)
        case .failure(let error):
            counts.failed += 1
            guard error.concernsTheService else {
                // It stays put off: asked again later, and later each time.
                logger.warning("PPRO's answer about a charge is of no use", metadata: ["subject": "\(result.subject)", "error": "\(error)"])
                return
            }
            pause.began(error, now: now, logger)
            guard case .due(let id) = result.subject, let until = pause.until else { return }
            try store.write("postpone ask") { try $0.postponeAsk(charge: id, until: until) }
        }
    }

    /// News settle the doubt when they are applied; a charge of which there are none has nothing more to tell now.
    private func settle(_ subject: Inquiry.Subject, _ answers: [Inquiry.Answer]) throws {
        var silent = answers.filter { !$0.isNews }.map(\.charge.id)
        if case .due(let id) = subject, answers.isEmpty { silent.append(id) }
        guard !silent.isEmpty else { return }
        try store.write("settle asks") { transaction in
            for id in silent { try transaction.settleAsk(charge: id) }
        }
    }
}

extension AuthorityError {
    /// Whether the next charge would get no answer either.
    fileprivate var concernsTheService: Bool { code != "unreadable" && code != "refused" }
}

/// How long PPRO is left alone after it could not be asked: as long as it says, else from a second, doubling, up to five minutes.
private struct Pause: Sendable {
    private(set) var code: String?
    private(set) var until: Instant?
    private var failures = 0

    private static let longest: Int64 = 5 * 60_000

    mutating func began(_ error: AuthorityError, now: Instant, _ logger: Logger) {
        if code != error.code {
            logger.error("PPRO cannot be asked, it will be tried again", metadata: ["code": "\(error.code)", "error": "\(error.message)"])
        }
        code = error.code
        // Nobody mends a wrong key within a second.
        let wait = error.code == "unauthorized" ? Self.longest : min(Int64(1_000) << min(failures, 9), Self.longest)
        failures += 1
        until = now.advanced(byMilliseconds: max(0, error.retryAfterMilliseconds ?? wait))
    }

    mutating func ended(_ logger: Logger) {
        guard code != nil else { return }
        logger.notice("PPRO answers again")
        self = Pause()
    }
}

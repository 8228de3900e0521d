import EventStore
import Logging
import PaymentCore

/// Asks PPRO about charges in doubt and brings its answers in as events. Confined to the reconciler's queue; `step(now:)` is the whole of it, and never waits:
/// questions are asked by tasks of their own, whose results the next step takes up.
///
/// Two kinds of questions: charges whose turn has come (`charge.ask_at`), and names that somebody waits for, which are asked once. Neither can keep the other
/// from being asked: of the places there are each kind leaves one to the other.
struct Reconcile: Sendable {
    private let store: EventStore
    private let inquiry: Inquiry
    private let concurrency: Int
    private let logger: Logger
    /// Names that are waited for, in order, with those who wait. Bounded: who waits for a name looks for it in the database anyway.
    private var names: [(name: String, waiters: Set<Int>)] = []
    /// Results that could not be taken up yet.
    private var results: [Inquiry.Result] = []
    private var underWay: [Inquiry.Subject: Task<Void, Never>] = [:]
    private var pause = Pause()
    private(set) var counts = ReconcilerStatus.Counts()
    private(set) var lastQuietAnswerAt: Instant?

    static let mostNames = 1_000

    init(store: EventStore, inquiry: Inquiry, concurrency: Int, logger: Logger) {
        (self.store, self.inquiry, self.concurrency, self.logger) = (store, inquiry, max(2, concurrency), logger)
    }

    var trouble: String? { pause.code }
    var inFlight: Int { underWay.count }

    /// Somebody waits for the name; `waiter` is a number of its own.
    mutating func add(name: String, for waiter: Int) {
        if let place = names.firstIndex(where: { $0.name.hasSameBytes(as: name) }) { return _ = names[place].waiters.insert(waiter) }
        guard names.count < Self.mostNames, underWay[.name(name)] == nil else { return }
        names.append((name, [waiter]))
    }

    /// One who waited does so no more. A name for which nobody is left is not asked any more.
    mutating func withdraw(_ waiter: Int) {
        guard let place = names.firstIndex(where: { $0.waiters.contains(waiter) }) else { return }
        names[place].waiters.remove(waiter)
        if names[place].waiters.isEmpty { names.remove(at: place) }
    }

    /// Takes up results, then asks what is due. Returns when to step again if nothing else happens; nil: only when woken.
    /// - Throws: What the store throws; the same step can be made again then, no result is lost and nothing is asked twice.
    mutating func step(now: Instant) throws -> Instant? {
        results += inquiry.results.takeAll()
        while let result = results.first {
            try take(result, now: now)
            results.removeFirst()
        }
        if let until = pause.end(now: now) { return until }
        askNames(places: concurrency - 1)
        let next = try askDue(now: now)
        askNames(places: concurrency)
        // Whatever was in the way, nobody is there any more to find out whether it still is.
        if underWay.isEmpty { pause = Pause() }
        // With all places taken the next result makes the next step.
        return underWay.count < concurrency ? next : nil
    }

    private mutating func askNames(places: Int) {
        while !names.isEmpty, underWay.count < concurrency, underWay.keys.count(where: \.isName) < places { ask(.name(names.removeFirst().name)) }
    }

    /// Returns when the next charge's turn comes.
    private mutating func askDue(now: Instant) throws -> Instant? {
        let room = concurrency - underWay.count
        guard room > 0 else { return nil }
        let (due, next) = try store.write("claim asks") { transaction in
            (try transaction.claimAsks(limit: room, now: now), try transaction.nextAsk())
        }
        for item in due {
            logger.info("asking PPRO about a charge", metadata: ["charge": "\(item.charge)", "reason": "\(item.reason.rawValue)"])
            ask(.due(item.charge))
        }
        return next
    }

    /// An operator's question, asked beside these, was answered or was not.
    mutating func count(_ outcome: Result<[Inquiry.Answer], AuthorityError>, now: Instant) {
        counts.asked += 1
        switch outcome {
        case .success(let answers): answered(answers, now: now)
        case .failure: counts.failed += 1
        }
    }

    private mutating func answered(_ answers: [Inquiry.Answer], now: Instant) {
        pause.ended(logger)
        let news = answers.count(where: \.isNews)
        counts.answered += 1
        counts.news += Int64(news)
        if news > 0 { counts.withNews += 1 }
        if news == 0, answers.contains(where: { $0.charge.status.result == .pending }) { lastQuietAnswerAt = now }
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

    /// Writes first: what follows is done once even if that fails and the result is taken up again.
    private mutating func take(_ result: Inquiry.Result, now: Instant) throws {
        switch result.outcome {
        case .success(let answers):
            try settle(result.subject, answers)
            answered(answers, now: now)
            if case .due(let id) = result.subject, answers.isEmpty {
                logger.warning("PPRO knows no such charge", metadata: ["charge": "\(id)", "code": "charge_unknown"])
            }
        case .failure(let error) where error.concernsTheService:
            var next = pause
            next.began(error, now: now)
            if case .due(let id) = result.subject, let until = next.until {
                try store.write("postpone ask") { try $0.postponeAsk(charge: id, until: until) }
            }
            if pause.code != error.code {
                logger.error("PPRO cannot be asked, it will be tried again", metadata: ["code": "\(error.code)", "error": "\(error.message)"])
            }
            pause = next
            counts.failed += 1
        case .failure(let error):
            // It stays put off: asked again later, and later each time.
            logger.warning("PPRO's answer about a charge is of no use", metadata: ["subject": "\(result.subject)", "error": "\(error)"])
            counts.failed += 1
        }
        underWay[result.subject] = nil
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
    private var wait: Int64 = 0
    private var failures = 0

    private static let longest: Int64 = 5 * 60_000

    mutating func began(_ error: AuthorityError, now: Instant) {
        code = error.code
        // Nobody mends a wrong key within a second.
        let wait = error.code == "unauthorized" ? Self.longest : min(Int64(1_000) << min(failures, 9), Self.longest)
        failures += 1
        self.wait = max(0, error.retryAfterMilliseconds ?? wait)
        until = now.advanced(byMilliseconds: self.wait)
    }

    /// Nil when the pause is over. One that would last longer than it was to is over as well: the clock was set back meanwhile.
    func end(now: Instant) -> Instant? {
        guard let until, now < until, until.milliseconds(since: now) <= wait else { return nil }
        return until
    }

    mutating func ended(_ logger: Logger) {
        guard code != nil else { return }
        logger.notice("PPRO answers again")
        self = Pause()
    }
}

internal import PaymentCore

/// The whole stand-in as a value: the book, the limits, the keys, the queue of webhooks, the logs. Requests and times come in, answers come out.
struct ProviderState: Sendable {
    /// A request that was let in and is still to be done.
    struct Ticket: Sendable {
        var request: APIRequest
        var route: APIRoute
        /// The idempotency key that was taken for it.
        var key: String?
        var failure = Failure.none
        var record: RequestRecord
    }

    /// Failing on demand.
    enum Failure: Sendable { case none, beforeTheWork, afterTheWork }

    enum Admission: Sendable {
        case answered(APIAnswer, RequestRecord)
        case admitted(Ticket)
    }

    let settings: ProviderSettings
    var book: ProviderBook
    var queue: WebhookQueue
    var requests = RequestLog()
    private var ledger = IdempotencyLedger()
    private var reads: TokenBucket
    private var writes: TokenBucket
    private let dice: TroubleDice
    /// Reads and writes that could have been failed on demand; writes that are repeats are none.
    private var diced = (reads: 0, writes: 0)

    init(_ settings: ProviderSettings, at now: Instant) {
        self.settings = settings
        book = ProviderBook(rules: settings.rules, idSeed: settings.idSeed)
        queue = WebhookQueue(rules: settings.rules, delays: settings.delays, trouble: settings.trouble, seed: settings.seed)
        reads = TokenBucket(settings.limit, at: now)
        writes = TokenBucket(settings.limit, at: now)
        dice = TroubleDice(seed: settings.seed)
    }

    /// Goes on where a run before has ended. Logs, limits and dice begin anew.
    mutating func resume(_ rows: [KeptRow]) throws(StateFileError) {
        try book.resume(rows)
        try ledger.resume(rows)
        try queue.resume(rows)
    }

    /// What has changed since the last call, to be kept.
    /// - Parameter isWanted: False: nobody keeps it.
    mutating func takeKept(isWanted: Bool = true) -> [KeptRow] {
        if isWanted { return book.takeKept() + ledger.takeKept() + queue.takeKept() }
        (book.changed, ledger.changed, queue.changed) = ([], [], [])
        return []
    }

    /// When something happens next by itself.
    var nextDue: Instant? { [book.nextDue, queue.nextDue].compactMap(\.self).min() }

    /// Does what is due; returns the webhooks to be posted now.
    mutating func turn(at now: Instant) -> [WebhookQueue.Attempt] {
        book.advance(to: now)
        queue.add(book.takeWebhooks(), at: now)
        return queue.due(at: now)
    }

    /// Decides whether a request is done at all. Each one that is decided is to be ended with `conclude`.
    mutating func admit(_ request: APIRequest, at now: Instant) -> Admission {
        let record = RequestRecord(request, at: now)
        if request.isAPI, let answer = refusal(of: request, at: now) { return .answered(answer, record) }
        do throws(Refusal) {
            let route = try APIRoute(request.method, request.path)
            var ticket = Ticket(request: request, route: route, record: record)
            if request.isAPI {
                if request.method == .post, let replay = try takeKey(&ticket, at: now) { return .answered(replay, ticket.record) }
                ticket.failure = rollFailure(isWrite: request.method == .post)
            }
            return .admitted(ticket)
        } catch {
            return turnAway(request, error, at: now)
        }
    }

    /// Refuses a request that was not understood.
    mutating func turnAway(_ request: APIRequest, _ refusal: Refusal, at now: Instant) -> Admission {
        .answered(finished(APIAnswer(refusal, at: now), request, at: now), RequestRecord(request, at: now))
    }

    /// - Returns: The answer, and the request's record unless it was only a look at the sandbox itself.
    mutating func conclude(_ admission: Admission, at now: Instant) -> (answer: APIAnswer, record: RequestRecord?) {
        switch admission {
        case .answered(let answer, let record): (answer, logged(record, answer, at: now))
        case .admitted(let ticket): perform(ticket, at: now)
        }
    }

    /// Does a request that was let in.
    mutating func perform(_ ticket: Ticket, at now: Instant) -> (answer: APIAnswer, record: RequestRecord?) {
        var record = ticket.record
        record.isFailedOnDemand = ticket.failure != .none
        if ticket.failure == .beforeTheWork {
            if let key = ticket.key { ledger.finish(key, nil) }
            return failedOnDemand(500, ticket, record, at: now)
        }
        let answer = finished(work(ticket, &record, at: now), ticket.request, at: now)
        queue.add(book.takeWebhooks(), at: now)
        if let key = ticket.key { ledger.finish(key, answer.status < 300 ? answer : nil) }
        if ticket.failure == .afterTheWork { return failedOnDemand(504, ticket, record, at: now) }
        return (answer, ticket.route.isLook ? nil : logged(record, answer, at: now))
    }

    // How a request is let in

    /// Reads and writes are counted apart: how often a client looks does not change what becomes of its orders.
    private mutating func rollFailure(isWrite: Bool) -> Failure {
        if isWrite { diced.writes += 1 } else { diced.reads += 1 }
        var generator = isWrite ? dice.roll(.write, for: [diced.writes]) : dice.roll(.read, for: [diced.reads])
        guard generator.chance(settings.failRate) else { return .none }
        return generator.chance(0.5) ? .beforeTheWork : .afterTheWork
    }

    private mutating func refusal(of request: APIRequest, at now: Instant) -> APIAnswer? {
        if let reason = unauthorized(request) {
            var answer = APIAnswer(401, Array(#"{"message":"Unauthorized"}"#.utf8))
            answer.reason = reason
            return finished(answer, request, at: now)
        }
        let isAllowed = request.method == .post ? writes.take(at: now) : reads.take(at: now)
        let tooMany = Refusal(429, "too many requests: \(settings.limit.perSecond) a second, \(settings.limit.burst) at once")
        return isAllowed ? nil : finished(APIAnswer(tooMany, at: now), request, at: now)
    }

    /// Why a client is not let in: for the log, since PPRO does not say it.
    private func unauthorized(_ request: APIRequest) -> String? {
        if request.authorization == nil { return "the header Authorization is missing" }
        if !settings.key.isBorne(by: request.authorization) { return "the header Authorization does not bear the key" }
        guard let merchantId = request.merchantId else { return "the header Merchant-Id is missing" }
        return merchantId == settings.rules.merchantId ? nil : "the header Merchant-Id names another merchant"
    }

    /// Takes the idempotency key for a request.
    /// - Returns: The answer if the request was done before.
    private mutating func takeKey(_ ticket: inout Ticket, at now: Instant) throws(Refusal) -> APIAnswer? {
        guard let text = ticket.request.idempotencyKey else { throw .field("the header Request-Idempotency-Key is missing") }
        guard let key = IdempotencyLedger.key(text) else { throw .field("the header Request-Idempotency-Key must be a UUID of version 4") }
        let target = ticket.request.path.joined(separator: "/")
        switch ledger.begin(key, request: Array(target.utf8) + [0] + ticket.request.body, at: now) {
        case .unused:
            ticket.key = key
            return nil
        case .answered(let answer):
            ticket.record.isReplay = true
            var replay = APIAnswer(answer.status, answer.body)
            replay.set("Request-Idempotency", "true")
            return finished(replay, ticket.request, at: now)
        case .underWay: throw Refusal(409, "a request with this Request-Idempotency-Key is under way")
        case .used: throw Refusal(409, "this Request-Idempotency-Key was used for another request")
        }
    }

    // How it leaves

    /// Every answer of the API says how the bucket stands.
    private mutating func finished(_ answer: APIAnswer, _ request: APIRequest, at now: Instant) -> APIAnswer {
        guard request.isAPI else { return answer }
        var answer = answer
        if request.method == .post { writes.report(on: &answer, at: now) } else { reads.report(on: &answer, at: now) }
        return answer
    }

    private mutating func failedOnDemand(_ status: Int, _ ticket: Ticket, _ record: RequestRecord, at now: Instant) -> (APIAnswer, RequestRecord?) {
        let refusal = Refusal(status, status == 504 ? "the provider did not answer in time" : "an internal error")
        let answer = finished(APIAnswer(refusal, at: now), ticket.request, at: now)
        return (answer, logged(record, answer, at: now))
    }

    private mutating func logged(_ record: RequestRecord, _ answer: APIAnswer, at now: Instant) -> RequestRecord {
        var record = record
        record.status = answer.status
        record.failureMessage = answer.reason
        record.milliseconds = max(now.milliseconds(since: record.at), 0)
        requests.append(record)
        return record
    }
}

extension APIRequest {
    /// PPRO's API asks for the key, has limits and may fail on demand; the wallet and the sandbox's own pages do not.
    var isAPI: Bool { path.first == "v1" }
}

extension APIRequest.Method {
    var name: String {
        switch self {
        case .get: "GET"
        case .post: "POST"
        case .other(let name): name
        }
    }
}

import PaymentCore

/// The demo shop behind its HTTP server: verifies, keeps repeats apart, writes down, reports.
actor Shop {
    /// A notification as it arrived.
    struct Request: Sendable {
        /// Every value of the three headers that sign it.
        var ids: [String]
        var timestamps: [String]
        var signatures: [String]
        var body: [UInt8]
    }

    private let secrets: [EndpointSecret]
    private let trouble: Trouble
    private let memory: ShopMemory?
    private var book: ShopBook
    private var report: ShopReport
    private let now: @Sendable () -> Instant
    /// Attempts at notifications that were not accepted yet, by `webhook-id`.
    private var attempts: [String: Int] = [:]

    init(
        secrets: [EndpointSecret], trouble: Trouble = Trouble(), book: ShopBook = ShopBook(), memory: ShopMemory? = nil, report: sending ShopReport,
        now: @escaping @Sendable () -> Instant
    ) {
        self.secrets = secrets
        self.trouble = trouble
        self.book = book
        self.memory = memory
        self.report = report
        self.now = now
    }

    /// Decides about a request, tells the story and returns what to answer. What was accepted is written down first.
    /// - Throws: `SandboxError` when the shop cannot write down what it accepted; answer 500 then.
    func receive(_ request: Request) throws(SandboxError) -> ShopEvent {
        let time = now()
        let event = try decide(request, at: time)
        report.tell(event, at: time)
        return event
    }

    private func decide(_ request: Request, at time: Instant) throws(SandboxError) -> ShopEvent {
        if let code = refusal(of: request, at: time) { return ShopEvent(decision: .refused(code), status: 401, attempt: 0) }
        let id = request.ids.first ?? ""
        guard let notification = ShopNotification(id: id, body: request.body) else {
            return ShopEvent(decision: .refused("unreadable"), status: 400, attempt: 0)
        }
        let attempt = attempts[id, default: 0] + 1
        attempts[id] = attempt
        if let status = trouble.failure(of: notification, attempt: attempt) {
            return ShopEvent(notification: notification, decision: .failed, status: status, attempt: attempt)
        }
        let finding = book.find(notification)
        if finding != .duplicate { try memory?.write(notification, body: request.body, at: time) }
        book.remember(notification)
        attempts[id] = nil
        let decision: ShopEvent.Decision =
            switch finding {
            case .news(let previous): .accepted(previous: previous)
            case .duplicate: .duplicate
            case .older(let known): .older(known: known)
            }
        return ShopEvent(notification: notification, decision: decision, status: 200, attempt: attempt)
    }

    /// Why the request is not taken as signed with our secret, or nil when it is.
    private func refusal(of request: Request, at time: Instant) -> String? {
        guard let id = request.ids.first, let timestamp = request.timestamps.first, let signature = request.signatures.first else { return "signature_missing" }
        guard request.ids.count == 1, request.timestamps.count == 1, request.signatures.count == 1 else { return "signature_malformed" }
        switch StandardWebhooks.verify(id: id, timestamp: timestamp, signature: signature, body: request.body, secrets: secrets, now: time) {
        case .success: return nil
        case .failure(.malformed): return "signature_malformed"
        case .failure(.invalid): return "signature_invalid"
        case .failure(.stale): return "signature_stale"
        }
    }
}

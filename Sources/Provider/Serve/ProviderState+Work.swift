internal import PaymentCore

extension ProviderState {
    /// Does what the route asks for. Whatever was due by now is done before.
    mutating func work(_ ticket: Ticket, _ record: inout RequestRecord, at now: Instant) -> APIAnswer {
        book.advance(to: now)
        do throws(Refusal) {
            switch ticket.route {
            case .walletPage, .decide: return wallet(ticket, &record, at: now)
            case .index: return html(200, book.indexPage())
            case .wallet, .charges, .trigger, .requests, .webhooks: return try sandbox(ticket, at: now)
            default: return APIAnswer(200, try api(ticket, &record, at: now))
            }
        } catch {
            return APIAnswer(error, at: now)
        }
    }

    /// The sandbox's own: what PPRO has no API for.
    private mutating func sandbox(_ ticket: Ticket, at now: Instant) throws(Refusal) -> APIAnswer {
        let request = ticket.request
        switch ticket.route {
        case .wallet(let id):
            let charge = try book.charge(id: id)
            guard charge.request.course.authentication != nil else { throw .unknown("wallet page") }
            return .seeOther(charge.walletUrl)
        case .charges: return APIAnswer(200, book.summariesJSON(limit: try request.limit(ProviderBook.maximumSummaries)))
        case .trigger(let trigger, let id):
            try book.pull(trigger, on: id, body: request.body, at: now)
            return APIAnswer(200, try book.summaryJSON(id))
        case .requests:
            return APIAnswer(200, requests.json(subject: request.parameter("subject"), limit: try request.limit(RequestLog.maximumRecords)))
        case .webhooks:
            let charge = request.parameter("charge")
            return APIAnswer(200, queue.log.json(charge: charge, limit: try request.limit(WebhookLog.maximumRecords), note: charge.flatMap(book.silence)))
        default: throw .unknown("path")
        }
    }

    private mutating func api(_ ticket: Ticket, _ record: inout RequestRecord, at now: Instant) throws(Refusal) -> [UInt8] {
        let request = ticket.request
        switch ticket.route {
        case .createCharge:
            let order = try ChargeRequest(body: request.body, isKYC: settings.rules.isKYC)
            let id = book.create(order, base: base(request), at: now)
            record.subject = id
            return try book.chargeJSON(id)
        case .findCharges:
            guard let reference = request.parameter("merchantPaymentChargeReference") else {
                throw .field("the parameter merchantPaymentChargeReference is missing")
            }
            return try book.chargesJSON(reference: reference, page: request.parameter("page"))
        case .charge(let id): return try book.chargeJSON(id)
        case .list(let kind, let id): return try book.listJSON(kind, of: id)
        case .operate(let kind, let id):
            let operation = try book.operate(kind, on: id, body: request.body, at: now)
            return try book.operationJSON(operation, of: id)
        case .submitCode(let id):
            try book.submitCode(of: id, body: request.body, at: now)
            guard let authorization = try book.charge(id: id).operations(.authorization).first else { throw .unknown("authorization") }
            return try book.operationJSON(authorization.id, of: id)
        case .fundsStatuses(let id): return try book.fundsStatusesJSON(of: id)
        case .instrument(let id): return try book.instrumentJSON(id)
        case .createAgreement:
            let method = try RequestFields(body: request.body).requiredText("paymentMethod")
            throw PaymentMethodRules.of(method).allowsRecurring
                ? .notAllowed("this sandbox has no payment agreements") : .notAllowed("\(method) has no recurring payments")
        default: throw .unknown("path")
        }
    }

    /// For people, so what is wrong is said on a page too.
    private mutating func wallet(_ ticket: Ticket, _ record: inout RequestRecord, at now: Instant) -> APIAnswer {
        guard case .walletPage(let token) = ticket.route else { return decide(ticket, &record, at: now) }
        record.subject = book.charge(token: token)?.id
        return page(200, token: token, at: now)
    }

    private mutating func decide(_ ticket: Ticket, _ record: inout RequestRecord, at now: Instant) -> APIAnswer {
        guard case .decide(let token) = ticket.route, let charge = book.charge(token: token) else { return unknownPage() }
        record.subject = charge.id
        guard let decision = WalletDecision(form: ticket.request.body) else {
            let text = "The form did not say approve, decline or abandon. Nothing has changed."
            return html(400, WalletFrame.notice("That was not understood", text), reason: "decision must be approve, decline or abandon")
        }
        switch book.decide(decision, token: token, at: now) {
        case .goOn(let location): return .seeOther(location)
        case .wrongCode: return page(422, token: token, hasWrongCode: true, at: now)
        case .tooLate: return page(409, token: token, tooLate: decision, at: now)
        case nil: return unknownPage()
        }
    }

    private func page(_ status: Int, token: String, hasWrongCode: Bool = false, tooLate: WalletDecision? = nil, at now: Instant) -> APIAnswer {
        guard var page = book.walletPage(token: token, at: now) else { return unknownPage() }
        page.hasWrongCode = hasWrongCode
        page.tooLate = tooLate
        return html(status, page.html, reason: hasWrongCode ? "the code is wrong" : tooLate == nil ? nil : "the charge does not wait for the consumer any more")
    }

    private func unknownPage() -> APIAnswer {
        let text = "Either the link is not complete, or the sandbox was started again since and has forgotten the payment."
        return html(404, WalletFrame.notice("There is no payment behind this link", text), reason: "there is no such wallet page")
    }

    private func html(_ status: Int, _ text: String, reason: String? = nil) -> APIAnswer {
        var answer = APIAnswer(status, Array(text.utf8), .html)
        answer.reason = reason
        answer.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
        // The page's address is as good as the wallet: the shop must not hear of it.
        answer.set("Referrer-Policy", "no-referrer")
        return answer
    }

    private func base(_ request: APIRequest) -> String {
        if let url = settings.publicUrl { return url }
        return "http://" + (request.host.flatMap { WebAddress.isHost($0) ? $0 : nil } ?? "127.0.0.1")
    }
}

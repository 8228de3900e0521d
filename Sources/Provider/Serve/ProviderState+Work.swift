internal import PaymentCore

extension ProviderState {
    /// Does what the route asks for. Whatever was due by now is done before.
    mutating func work(_ ticket: Ticket, _ record: inout RequestRecord, at now: Instant) -> APIAnswer {
        book.advance(to: now)
        do throws(Refusal) {
            switch ticket.route {
            case .walletPage, .decide, .wallet: return try wallet(ticket, &record, at: now)
            case .requests: return APIAnswer(200, requests.json(subject: ticket.request.parameter("subject")))
            case .webhooks: return APIAnswer(200, queue.log.json(charge: ticket.request.parameter("charge")))
            default: return APIAnswer(200, try api(ticket, &record, at: now))
            }
        } catch {
            return APIAnswer(error.status, error.json(at: now))
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
        case .walletPage, .decide, .wallet, .requests, .webhooks: throw .unknown("path")
        }
    }

    private mutating func wallet(_ ticket: Ticket, _ record: inout RequestRecord, at now: Instant) throws(Refusal) -> APIAnswer {
        switch ticket.route {
        case .wallet(let id):
            let charge = try book.charge(id: id)
            guard charge.request.course.authentication != nil else { throw .unknown("wallet page") }
            return .seeOther(charge.walletUrl)
        case .walletPage(let token):
            record.subject = book.charge(token: token)?.id
            return try page(200, token: token, at: now)
        case .decide(let token):
            record.subject = book.charge(token: token)?.id
            guard let decision = WalletDecision(form: ticket.request.body) else { throw .field("decision must be approve, decline or abandon") }
            switch book.decide(decision, token: token, at: now) {
            case .goOn(let location): return .seeOther(location)
            case .wrongCode: return try page(422, token: token, hasWrongCode: true, at: now)
            case nil: throw .unknown("wallet page")
            }
        default: throw .unknown("path")
        }
    }

    private func page(_ status: Int, token: String, hasWrongCode: Bool = false, at now: Instant) throws(Refusal) -> APIAnswer {
        guard let page = book.walletPage(token: token, hasWrongCode: hasWrongCode, at: now) else { throw .unknown("wallet page") }
        var answer = APIAnswer(status, Array(page.html.utf8), .html)
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

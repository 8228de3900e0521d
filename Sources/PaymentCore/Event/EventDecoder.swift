/// Turns a signed body into an event. Runs on the event loop for every webhook: one parse, then only the members that matter become strings.
package enum EventDecoder {
    /// Never fails: what cannot be read becomes `.unreadable` with its reason. The identity is the envelope's whenever `source` and `id` are there, even if
    /// the rest cannot be read, so that a corrected reader finds the same event again; else it is the body's hash.
    package static func decode(body: [UInt8], receivedAt: Instant) -> Event {
        let hash = Digest.sha256(body)
        var identity: EventIdentity?
        let content: Event.Content
        do throws(JSONError) {
            let document = try JSONDocument.parse(body)
            identity = Self.identity(document)
            content =
                switch facts(document) {
                case .success(let facts): .readable(facts)
                case .failure(let failure): .unreadable(failure)
                }
        } catch {
            content = .unreadable(.json(error))
        }
        return Event(identity: identity ?? .ofBody(hash: hash), body: body, bodyHash: hash, receivedAt: receivedAt, content: content)
    }

    /// What the document says, or why it cannot be read: a field of the envelope (`specversion`, `source`, `id`, `type`, `time`), the resource's id, a status,
    /// an operation's id, an amount or a funds state that is missing or of the wrong type. Descriptive fields of the wrong type count as absent: money must not
    /// wait for them.
    package static func facts(_ document: JSONDocument) -> Result<EventFacts, DecodingFailure> {
        do throws(DecodingFailure) {
            return .success(try readFacts(document.root))
        } catch {
            return .failure(error)
        }
    }

    /// The source bytes of `data`, for handing an event on unchanged; nil when the body cannot be read or has no `data`.
    package static func passThroughData(body: [UInt8]) -> [UInt8]? {
        guard let document = try? JSONDocument.parse(body), let data = document.root["data"] else { return nil }
        return Array(data.bytes)
    }

    private static func identity(_ document: JSONDocument) -> EventIdentity? {
        guard let source = document.root["source"]?.string, !source.isEmpty, let id = document.root["id"]?.string, !id.isEmpty else { return nil }
        let identity = EventIdentity(source: source, id: id)
        // Who claims to be us must not take the place of an event of ours either.
        return identity.isOurs ? nil : identity
    }

    private static func readFacts(_ root: JSONValue) throws(DecodingFailure) -> EventFacts {
        guard root.kind == .object else { throw .notAnObject }
        let envelope = JSONFields(object: root, path: "")
        guard try envelope.requiredString("specversion").beginsWithBytes(of: "1.") else { throw .unsupportedSpecversion }
        guard !EventIdentity.isOurs(source: try envelope.requiredString("source")) else { throw .reservedSource }
        try envelope.requireString("id")
        let word = try envelope.requiredString("type")
        guard let time = Instant(iso8601: try envelope.requiredString("time")) else { throw .badTime }

        let type = EventType(word)
        var facts = EventFacts(type: word, subject: nil, time: time, kind: type?.kind ?? .other)
        switch facts.kind {
        case .charge: try readCharge(type, envelope, &facts)
        case .agreement: try readAgreement(envelope, &facts)
        case .other: readOther(envelope, &facts)
        }
        return facts
    }

    private static func readCharge(_ type: EventType?, _ envelope: JSONFields, _ facts: inout EventFacts) throws(DecodingFailure) {
        let data = try envelope.object("data")
        facts.subject = try subject(envelope, data, "paymentChargeId")
        facts.status = try data?.string("paymentChargeStatus")
        facts.amount = try data?.money("amount")
        facts.fundsState = try data?.string("fundsState")
        facts.failureCode = data?.object(ifThere: "failure")?.string(ifThere: "failureCode")
        facts.paymentMethod = data?.string(ifThere: "paymentMethod")
        facts.merchantId = data?.string(ifThere: "merchantId")
        facts.merchantReference = data?.string(ifThere: "merchantPaymentChargeReference")
        facts.orderReferenceNumber = data?.string(ifThere: "orderReferenceNumber")
        if let (kind, state) = type?.operation {
            let id: String? = if let field = kind.idField { try data?.string(field) } else { nil }
            facts.operation = OperationFact(kind: kind, id: id, state: state)
        }
    }

    private static func readAgreement(_ envelope: JSONFields, _ facts: inout EventFacts) throws(DecodingFailure) {
        let data = try envelope.object("data")
        facts.subject = try subject(envelope, data, "paymentAgreementId")
        facts.status = try data?.string("paymentAgreementStatus")
        facts.failureCode = data?.object(ifThere: "failure")?.string(ifThere: "failureCode")
        facts.paymentMethod = data?.string(ifThere: "paymentMethod")
        facts.merchantId = data?.string(ifThere: "merchantId")
        facts.merchantReference = data?.string(ifThere: "merchantPaymentAgreementReference")
    }

    /// No state hangs on these events, so nothing in them can make them unreadable.
    private static func readOther(_ envelope: JSONFields, _ facts: inout EventFacts) {
        let data = envelope.object(ifThere: "data")
        facts.subject = envelope.string(ifThere: "subject") ?? data?.string(ifThere: "paymentInstrumentId") ?? data?.string(ifThere: "reportId")
        facts.merchantId = data?.string(ifThere: "merchantId")
    }

    /// The id in `data` decides; old deliveries may lack either, never both.
    private static func subject(_ envelope: JSONFields, _ data: JSONFields?, _ field: String) throws(DecodingFailure) -> String {
        if let id = try data?.string(field) { return id }
        if let id = try envelope.string("subject") { return id }
        throw .missing("data.\(field)")
    }
}

extension OperationFact.Kind {
    /// The member of `data` that holds the operation's id; chargebacks have none.
    fileprivate var idField: String? {
        switch self {
        case .authorization: "authorizationId"
        case .capture: "captureId"
        case .refund: "refundId"
        case .void: "voidId"
        case .chargeback: nil
        }
    }
}

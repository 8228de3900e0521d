import EventStore
import PaymentCore

extension Operations {
    /// `GET /v1/alarms`: the oldest alarms about money of each kind, and the sums over all of them.
    func alarms(_ parameters: Parameters) async throws -> OperatorAnswer {
        try parameters.allow("kind", "limit")
        let kinds = try parameters.words("kind", AlarmKind.self)
        let report = try await alarmReport(kinds: kinds.isEmpty ? AlarmKind.allCases : kinds, limit: try parameters.limit())
        return Self.answer { writer in
            writer.object { writer in
                writer.key("data")
                writer.array { writer in report.alarms.forEach { $0.write(to: &writer, asksPPRO: asksPPRO) } }
                writer.key("sums")
                writer.array { writer in report.sums.forEach { $0.write(to: &writer, asksPPRO: asksPPRO) } }
            }
        }
    }

    func alarmReport(kinds: [AlarmKind] = AlarmKind.allCases, limit: Int) async throws -> AlarmReport {
        let (rules, now, signOfLife, asksPPRO) = (alarmRules, now(), live?.signOfLife, asksPPRO)
        return try await readers.read {
            try AlarmReport.read($0, rules, kinds: kinds, limit: limit, now: now, signOfLife: signOfLife, asksPPRO: asksPPRO)
        }
    }

    /// `POST /v1/acknowledgements`: an operator has seen a charge's alarms and wants to hear no more of them.
    func acknowledge(_ document: [UInt8]) async throws -> OperatorAnswer {
        let wanted = try AcknowledgementDocument(document)
        guard let store else { throw Problem(.serviceDown, "an acknowledgement needs the running service or the database's lock") }
        let (rules, now) = (alarmRules, now())
        let charges = try await readers.read { try $0.charges(named: wanted.charge) }.map(\.charge.id)
        guard !charges.isEmpty else { throw Problem(.notFound, "no charge '\(wanted.charge)'") }
        let silenced = try await store.writeAsync("acknowledge") { transaction in
            try charges.flatMap { id in
                try transaction.acknowledgeAlarms(of: id, kinds: wanted.kinds, rules: rules, now: now, who: wanted.who, reason: wanted.reason)
            }
        }
        guard !silenced.isEmpty else { throw Problem(.notFound, "no alarm about charge '\(wanted.charge)' is raised") }
        return Self.answer { writer in
            writer.object { writer in
                writer.key("acknowledged")
                writer.array { writer in silenced.forEach { $0.write(to: &writer, asksPPRO: asksPPRO) } }
            }
        }
    }
}

/// The body of `POST /v1/acknowledgements`, read strictly.
struct AcknowledgementDocument: Sendable, Equatable {
    var charge: String
    /// All that can be about one charge, if the document names none.
    var kinds: [AlarmKind]
    var who: String
    var reason: String?

    init(_ bytes: [UInt8]) throws {
        var parameters = Parameters()
        guard let root = try? JSONDocument.parse(bytes).root, root.kind == .object else {
            throw Problem(.badRequest, #"the body must be a JSON object such as {"charge":"charge_…","kind":"anomaly","reason":"…"}"#)
        }
        for (key, value) in root.members where !value.isNull {
            guard ["charge", "kind", "who", "reason"].contains(key), let text = value.string else {
                throw Problem(.badRequest, "'\(key)' is unknown or no text; the members are charge, kind, who, reason")
            }
            parameters.add(key, text)
        }
        guard let charge = try parameters.text("charge") else {
            throw Problem(.badRequest, "'charge' must name a charge by its id or merchantPaymentChargeReference")
        }
        self.charge = charge
        let named = try parameters.words("kind", AlarmKind.self)
        guard !named.contains(.silence) else { throw Problem(.badRequest, "'silence' is about no one charge; set TERIMA_SILENCE_ALARM instead") }
        kinds = named.isEmpty ? AlarmKind.allCases.filter { $0 != .silence } : named
        who = try parameters.text("who") ?? "operator API"
        reason = try parameters.textOrEmpty("reason")
    }
}

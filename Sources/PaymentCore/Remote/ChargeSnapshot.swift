/// PPRO's whole word about a charge, reduced to what the fold needs beyond `EventFacts`: when the charge was made, and every operation of it.
package struct ChargeSnapshot: Sendable, Equatable {
    package struct Operation: Sendable, Equatable {
        package var fact: OperationFact
        /// Minor units of the charge's currency.
        package var amount: Int64
        /// When it came to stand so; nil when PPRO did not say.
        package var at: Instant?

        package init(fact: OperationFact, amount: Int64, at: Instant? = nil) {
            self.fact = fact
            self.amount = amount
            self.at = at
        }
    }

    package var createdAt: Instant
    /// When PPRO said so, by our clock: of two different answers with the same `updatedAt` the later one counts.
    package var observedAt: Instant
    /// ISO 4217; nil when PPRO did not say.
    package var currency: String?
    /// Authorizations, captures, refunds and voids. Chargebacks are no part of PPRO's answer.
    package var operations: [Operation]

    package init(createdAt: Instant, observedAt: Instant, currency: String?, operations: [Operation]) {
        self.createdAt = createdAt
        self.observedAt = observedAt
        self.currency = currency
        self.operations = operations
    }

    package init(_ charge: RemoteCharge, observedAt: Instant) {
        self.init(
            createdAt: charge.createdAt, observedAt: observedAt, currency: charge.currency,
            operations: charge.operations.map { Operation(fact: OperationFact(kind: $0.kind, id: $0.id, state: $0.state), amount: $0.amount, at: $0.updatedAt) }
        )
    }

    /// The form in which it is stored with its event: no personal data, so it stays when the payload is purged.
    package var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("createdAt", createdAt.milliseconds)
            writer.member("observedAt", observedAt.milliseconds)
            writer.member("currency", currency)
            writer.key("operations")
            writer.array { writer in
                for operation in operations {
                    writer.object {
                        $0.member("kind", operation.fact.kind.rawValue)
                        $0.member("id", operation.fact.id)
                        $0.member("state", operation.fact.state.rawValue)
                        $0.member("amount", operation.amount)
                        $0.member("at", operation.at?.milliseconds)
                    }
                }
            }
        }
        return writer.text
    }

    /// Reads `json`; nil for anything that `json` does not write.
    package init?(json: String) {
        guard let root = try? JSONDocument.parse(Array(json.utf8)).root, let created = root["createdAt"]?.integerValue,
            let observed = root["observedAt"]?.integerValue, let list = root["operations"], list.kind == .array
        else { return nil }
        self.init(
            createdAt: Instant(milliseconds: created), observedAt: Instant(milliseconds: observed), currency: root["currency"]?.string, operations: [])
        for element in list.elements {
            guard let kind = element["kind"]?.string.flatMap(OperationFact.Kind.init(rawValue:)), let amount = element["amount"]?.integerValue,
                let state = element["state"]?.string.flatMap(OperationFact.State.init(rawValue:))
            else { return nil }
            operations.append(
                Operation(
                    fact: OperationFact(kind: kind, id: element["id"]?.string, state: state), amount: amount,
                    at: element["at"]?.integerValue.map { Instant(milliseconds: $0) }))
        }
    }
}

internal import PaymentCore

extension ProviderCharge {
    var kept: KeptRow {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", id)
            writer.member("number", number)
            writer.member("token", token)
            writer.member("sessionId", sessionId)
            writer.member("instrumentId", instrumentId)
            writer.member("base", base)
            writer.member("createdAt", createdAt.milliseconds)
            writer.member("updatedAt", updatedAt.milliseconds)
            writer.member("authenticateBy", authenticateBy?.milliseconds)
            writer.member("status", status.word)
            writer.member("events", events)
            writer.key("failure")
            if let failure { failure.write(to: &writer) } else { writer.null() }
            writer.key("chargebacks")
            writer.array { writer in
                for amount in chargebacks { writer.integer(amount) }
            }
            writer.key("operations")
            writer.array { writer in
                for operation in operations { operation.keep(in: &writer) }
            }
            writer.member("request", raw: request.body)
        }
        return KeptRow(kind: .charge, id: id, json: writer.bytes)
    }

    init(kept row: KeptRow) throws(StateFileError) {
        let fields = try row.fields()
        let body = try fields.raw("request")
        // It was taken once. The limits of the run that took it may have been others.
        guard let request = try? ChargeRequest(body: body, isKYC: true) else { throw StateFileError.unreadable("charge", "request") }
        self.init(
            id: try fields.text("id"), number: try fields.count("number"), token: try fields.text("token"), sessionId: try fields.text("sessionId"),
            instrumentId: try fields.text("instrumentId"), request: request, base: try fields.text("base"), at: try fields.time("createdAt"))
        resume(ChargeStatus(try fields.text("status")), updatedAt: try fields.time("updatedAt"), events: try fields.count("events"))
        authenticateBy = fields.timeOrNil("authenticateBy")
        failure = try fields.object("failure").map { fields throws(StateFileError) in try ChargeFailure(kept: fields) }
        chargebacks = try fields.required(fields.value["chargebacks"], "chargebacks").elements.compactMap(\.integerValue)
        for operation in try fields.elements("operations") { operations.append(try ChargeOperation(kept: operation)) }
    }
}

extension ChargeOperation {
    fileprivate func keep(in writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("kind", kind.rawValue)
            writer.member("id", id)
            writer.member("amount", amount)
            writer.member("reference", reference)
            writer.member("status", status)
            writer.member("discardType", discardType)
            writer.member("fundsState", fundsState)
            writer.key("failure")
            if let failure { failure.write(to: &writer) } else { writer.null() }
            writer.member("createdAt", createdAt.milliseconds)
            writer.member("updatedAt", updatedAt.milliseconds)
        }
    }

    fileprivate init(kept fields: KeptFields) throws(StateFileError) {
        self.init(
            kind: try fields.required(OperationKind(rawValue: try fields.text("kind")), "kind"), id: try fields.text("id"),
            amount: try fields.integer("amount"), reference: fields.textOrNil("reference"), status: try fields.text("status"),
            failure: try fields.object("failure").map { fields throws(StateFileError) in try ChargeFailure(kept: fields) },
            discardType: fields.textOrNil("discardType"), fundsState: fields.textOrNil("fundsState"), createdAt: try fields.time("createdAt"),
            updatedAt: try fields.time("updatedAt"))
    }
}

extension ChargeFailure {
    fileprivate init(kept fields: KeptFields) throws(StateFileError) {
        self.init(
            type: try fields.text("failureType"), code: try fields.text("failureCode"), providerCode: try fields.text("providerFailureCode"),
            message: try fields.text("failureMessage"))
    }
}

import PaymentCore

/// The facts as columns of `event`, in one order for every statement.
extension EventFacts {
    static let columns = """
        type, kind, subject, time, status, operation, operation_id, operation_state, amount, currency, funds_state, failure_code, payment_method, \
        merchant_id, merchant_reference, order_reference, snapshot
        """
    static let columnCount = 17

    /// The values of `columns`.
    func append(to values: inout [SQLValue]) {
        values += [
            .text(type), .text(kind.rawValue), .text(subject), .time(time), .text(status),
            .text(operation?.kind.rawValue), .text(operation?.id), .text(operation?.state.rawValue),
            .integer(amount?.value), .text(amount?.currency), .text(fundsState), .text(failureCode), .text(paymentMethod),
            .text(merchantId), .text(merchantReference), .text(orderReferenceNumber), .text(snapshot?.json),
        ]
    }

    /// Reads `columns`; nil for an event that could not be read (its type is NULL).
    static func read(_ row: Statement) throws(StoreError) -> EventFacts? {
        let type = try row.textOrNil()
        let kind: EventKind? = try row.wordOrNil()
        let subject = try row.textOrNil()
        let time = try row.timeOrNil()
        var facts = EventFacts(type: type ?? "", subject: subject, time: time ?? Instant(milliseconds: 0), kind: kind ?? .other)
        facts.status = try row.textOrNil()
        let operation: OperationFact.Kind? = try row.wordOrNil()
        let operationId = try row.textOrNil()
        let operationState: OperationFact.State? = try row.wordOrNil()
        if let operation, let operationState { facts.operation = OperationFact(kind: operation, id: operationId, state: operationState) }
        let amount = try row.integerOrNil()
        let currency = try row.textOrNil()
        if let amount, let currency { facts.amount = Money(value: amount, currency: currency) }
        facts.fundsState = try row.textOrNil()
        facts.failureCode = try row.textOrNil()
        facts.paymentMethod = try row.textOrNil()
        facts.merchantId = try row.textOrNil()
        facts.merchantReference = try row.textOrNil()
        facts.orderReferenceNumber = try row.textOrNil()
        if let json = try row.textOrNil() {
            guard let snapshot = ChargeSnapshot(json: json) else { throw StoreError(.databaseCorrupt, message: "the snapshot of an event cannot be read") }
            facts.snapshot = snapshot
        }
        return type == nil || kind == nil || time == nil ? nil : facts
    }
}

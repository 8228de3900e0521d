package import PaymentCore

/// Where the money of one capture or refund is.
package struct FundsStatus: Sendable, Equatable {
    /// PPRO's id of the capture or refund.
    package var operationId: String
    /// PPRO's word, `CAPTURE` or `REFUND`.
    package var operationType: String
    /// PPRO's word, e.g. `CAPTURE_FUNDS_RECEIVED`.
    package var status: String
    package var merchantPaymentChargeReference: String?
    package var merchantRefundReference: String?

    package init(operationId: String, operationType: String, status: String) {
        self.operationId = operationId
        self.operationType = operationType
        self.status = status
    }

    /// nil for a type of operation that we do not know.
    package var kind: OperationFact.Kind? {
        switch operationType {
        case "CAPTURE": .capture
        case "REFUND": .refund
        default: nil
        }
    }

    /// Reads one element of the answer; where its fields are named otherwise in webhooks, those names are taken too.
    init(_ value: JSONValue) throws(AuthorityError) {
        func text(_ names: String...) throws(AuthorityError) -> String {
            for name in names {
                if let text = value[name]?.string, !text.isEmpty { return text }
            }
            throw .unreadable("a funds status has no \(names[0])")
        }
        self.init(
            operationId: try text("operationId", "paymentOperationId"), operationType: try text("operationType", "paymentOperationType"),
            status: try text("fundsStatus", "fundsState"))
        merchantPaymentChargeReference = value["merchantPaymentChargeReference"]?.string
        merchantRefundReference = value["merchantRefundReference"]?.string
    }
}

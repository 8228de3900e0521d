/// One authorization, capture, refund or void of a `RemoteCharge`.
package struct RemoteOperation: Sendable, Equatable {
    package var kind: OperationFact.Kind
    /// PPRO's id (`authz_…`, `capture_…`, `refund_…`, `void_…`).
    package var id: String
    /// Minor units of the charge's currency.
    package var amount: Int64
    /// PPRO's word.
    package var status: String
    package var failureCode: String?
    /// When it came to stand so; nil when PPRO did not say.
    package var updatedAt: Instant?

    package init(kind: OperationFact.Kind, id: String, amount: Int64, status: String, failureCode: String? = nil, updatedAt: Instant? = nil) {
        self.kind = kind
        self.id = id
        self.amount = amount
        self.status = status
        self.failureCode = failureCode
        self.updatedAt = updatedAt
    }

    /// How the operation stands, from PPRO's word. PPRO documents no closed list: words of success and of failure are known by how they end, and what is
    /// neither is still under way, so that no unknown word ever counts as money.
    package var state: OperationFact.State {
        switch status {
        case "AUTHORIZED", "CAPTURED", "REFUNDED", "VOIDED", "SUCCESS", "SUCCEEDED", "REFUND_SETTLED": .succeeded
        case "DISCARDED": .discarded
        case "FAILED", "DECLINED", "REJECTED": .failed
        case let word where word.hasSuffix("_SUCCEEDED"): .succeeded
        case let word where word.hasSuffix("_FAILED"): .failed
        default: .pending
        }
    }

    /// The members of a charge that hold operations.
    static let lists: [(member: String, kind: OperationFact.Kind)] = [
        ("authorizations", .authorization), ("captures", .capture), ("refunds", .refund), ("voids", .void),
    ]

    /// Reads one operation of an answer.
    /// - Parameter path: where it stands, for the error.
    package init(_ value: JSONValue, kind: OperationFact.Kind, path: String) throws(DecodingFailure) {
        guard value.kind == .object else { throw .wrongType(path) }
        let fields = JSONFields(object: value, path: path + ".")
        self.init(
            kind: kind, id: try fields.requiredString("id"), amount: try fields.amount("amount"), status: try fields.requiredString("status"),
            failureCode: fields.object(ifThere: "failure")?.string(ifThere: "failureCode"),
            updatedAt: fields.string(ifThere: "updatedAt").flatMap { Instant(iso8601: $0) })
    }
}

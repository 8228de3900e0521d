internal import PaymentCore

/// The kinds of operations that a charge consists of.
enum OperationKind: String, Sendable, CaseIterable {
    case authorization, capture, refund, void, discard

    var idPrefix: String { self == .authorization ? "authz_" : rawValue + "_" }

    /// The member of a charge that holds them, and the end of the path that lists them.
    var listName: String { rawValue + "s" }

    /// The merchant's own name for one.
    var referenceName: String? {
        switch self {
        case .capture: "merchantCaptureReference"
        case .refund: "merchantRefundReference"
        case .void: "merchantVoidReference"
        case .discard: "merchantDiscardReference"
        case .authorization: nil
        }
    }

    var wordUnderWay: String {
        switch self {
        case .authorization: "AUTHORIZATION_PROCESSING"
        case .capture: "CAPTURE_PROCESSING"
        case .refund: "REFUND_PROCESSING"
        case .void: "VOID_PROCESSING"
        case .discard: "DISCARD_PROCESSING"
        }
    }

    var wordDone: String {
        switch self {
        case .authorization: "AUTHORIZED"
        case .capture: "CAPTURED"
        case .refund: "REFUNDED"
        case .void: "VOIDED"
        case .discard: "DISCARDED"
        }
    }
}

/// One authorization, capture, refund, void or discard of a charge.
struct ChargeOperation: Sendable, Equatable {
    let kind: OperationKind
    let id: String
    /// Minor units.
    let amount: Int64
    var reference: String?
    var status: String
    var failure: ChargeFailure?
    /// Why a discard happened.
    var discardType: String?
    /// PPRO's word for where the money is; captures and refunds that succeeded have one.
    var fundsState: String?
    let createdAt: Instant
    var updatedAt: Instant

    /// All of PPRO's words for where the money is.
    static let fundsStates = [
        "CAPTURE_FUNDS_NOT_EXPECTED", "CAPTURE_FUNDS_MISSING", "CAPTURE_FUNDS_WAITING", "CAPTURE_FUNDS_RECEIVED", "REFUND_FUNDS_NOT_EXPECTED",
        "REFUND_FUNDS_REJECTED", "REFUND_FUNDS_WAITING", "REFUND_FUNDS_SENT",
    ]

    /// The one that it begins with.
    var fundsWaiting: String { kind == .refund ? "REFUND_FUNDS_WAITING" : "CAPTURE_FUNDS_WAITING" }
    /// The one that it ends with if nothing goes wrong.
    var fundsDone: String { kind == .refund ? "REFUND_FUNDS_SENT" : "CAPTURE_FUNDS_RECEIVED" }

    var isDone: Bool { status == kind.wordDone }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("amount", amount)
            writer.member("status", status)
            if let name = kind.referenceName { writer.member(ifThere: name, reference) }
            writer.member(ifThere: "discardType", discardType)
            if let failure {
                writer.key("failure")
                failure.write(to: &writer)
            }
            writer.member("createdAt", createdAt.iso8601)
            writer.member("updatedAt", updatedAt.iso8601)
        }
    }
}

extension JSONWriter {
    /// Nothing at all for nil.
    mutating func member(ifThere key: String, _ value: String?) {
        if let value { member(key, value) }
    }
}

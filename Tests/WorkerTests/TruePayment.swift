import PaymentCore
import TestSupport

@testable import Worker

/// One payment as it really is at PPRO: it moves on by itself, and says so in a webhook or keeps silent. Times are milliseconds since `Life.start`.
struct TruePayment {
    struct Operation {
        var kind: OperationFact.Kind
        var id: String
        var amount: Int64
        var status: String
    }

    let id: String
    private(set) var status = "AUTHORIZATION_PROCESSING"
    private(set) var operations: [Operation] = []
    private(set) var updatedAt: Int64
    private let createdAt: Int64
    private let amount: Int64
    private var webhooks = 0

    init(id: String, amount: Int64, at now: Int64) { (self.id, self.amount, createdAt, updatedAt) = (id, amount, now, now) }

    var isFinal: Bool { ["FAILED", "DISCARDED", "VOIDED", "REFUNDED"].contains(status) }

    func sum(_ kind: OperationFact.Kind) -> Int64 {
        operations.filter { $0.kind == kind && RemoteOperation(kind: kind, id: $0.id, amount: $0.amount, status: $0.status).state == .succeeded }
            .reduce(0) { $0 + $1.amount }
    }

    /// One move. Returns the webhook's body; nil when PPRO does not announce it.
    mutating func move(at now: Int64, _ random: inout SplitMix64) -> [UInt8]? {
        updatedAt = now
        switch status {
        case "AUTHORIZATION_PROCESSING": return random.once(in: 3) ? authorize(&random) : authenticate()
        case "AUTHENTICATION_PENDING", "AUTHORIZATION_ASYNC": return authorize(&random)
        case "CAPTURE_PENDING": return random.once(in: 3) ? take(.void, left: amount - sum(.capture) - sum(.void), &random) : capture(&random)
        case "CAPTURE_PROCESSING": return capture(&random)
        case "CAPTURED":
            status = "REFUND_PROCESSING"
            operations.append(Operation(kind: .refund, id: "refund_\(operations.count)", amount: 1 + random.one(of: amount), status: "PENDING"))
            return webhook("REFUND_PENDING", operations.count - 1)
        case "REFUND_PROCESSING": return refund(&random)
        default: return nil
        }
    }

    private mutating func authenticate() -> [UInt8]? {
        status = "AUTHENTICATION_PENDING"
        operations.append(Operation(kind: .authorization, id: "authz_1", amount: amount, status: "PENDING"))
        return webhook("AUTHENTICATION_PENDING", 0)
    }

    private mutating func authorize(_ random: inout SplitMix64) -> [UInt8]? {
        if operations.isEmpty { operations.append(Operation(kind: .authorization, id: "authz_1", amount: amount, status: "PENDING")) }
        switch random.one(of: 6) {
        case 0:
            (status, operations[0].status) = ("FAILED", "FAILED")
            return webhook("AUTHORIZATION_FAILED", 0)
        case 1 where status == "AUTHENTICATION_PENDING":
            (status, operations[0].status) = ("DISCARDED", "DISCARDED")
            return webhook("DISCARDED", 0, prefix: "PAYMENT_CHARGE_")
        case 2, 3:
            (status, operations[0].status) = ("CAPTURE_PENDING", "AUTHORIZED")
        default:
            (status, operations[0].status) = ("CAPTURE_PROCESSING", "AUTHORIZED")
        }
        return webhook("AUTHORIZATION_SUCCEEDED", 0)
    }

    private mutating func capture(_ random: inout SplitMix64) -> [UInt8]? { take(.capture, left: amount - sum(.capture) - sum(.void), &random) }

    /// Captures or voids a part or all of what is left, or fails to.
    private mutating func take(_ kind: OperationFact.Kind, left: Int64, _ random: inout SplitMix64) -> [UInt8]? {
        let (word, done) = kind == .capture ? ("CAPTURE", "CAPTURED") : ("VOID", "VOIDED")
        let part = status == "CAPTURE_PROCESSING" || random.once(in: 2) ? left : 1 + random.one(of: left)
        let fails = random.once(in: 4)
        operations.append(Operation(kind: kind, id: "\(word.lowercased())_\(operations.count)", amount: part, status: fails ? "FAILED" : done))
        if !fails { status = part < left ? "CAPTURE_PENDING" : sum(.capture) > 0 ? "CAPTURED" : "VOIDED" } else { status = "CAPTURE_PENDING" }
        return webhook(fails ? "\(word)_FAILED" : "\(word)_SUCCEEDED", operations.count - 1)
    }

    private mutating func refund(_ random: inout SplitMix64) -> [UInt8]? {
        let last = operations.count - 1
        let fails = random.once(in: 3) || sum(.refund) + operations[last].amount > sum(.capture)
        operations[last].status = fails ? "FAILED" : "REFUNDED"
        status = !fails && sum(.refund) == sum(.capture) ? "REFUNDED" : "CAPTURED"
        return webhook(fails ? "REFUND_FAILED" : "REFUND_SUCCEEDED", last)
    }

    private mutating func webhook(_ type: String, _ operation: Int, prefix: String = "PAYMENT_CHARGE_") -> [UInt8] {
        webhooks += 1
        let operation = operations[operation]
        let data = """
            {"paymentChargeId":"\(id)","paymentChargeStatus":"\(status)","paymentMethod":"MOCK","merchantPaymentChargeReference":"pay-\(id)",\
            "\(operation.kind.rawValue)Id":"\(operation.id)","amount":{"value":\(operation.amount),"currency":"IDR"}}
            """
        let time = Instant(milliseconds: Life.start + updatedAt).iso8601
        let envelope = #"{"specversion":"1.0","source":"https://www.ppro.com","id":"\#(id)-\#(webhooks)","type":"\#(prefix)\#(type)","subject":"\#(id)","#
        return Array((envelope + #""time":"\#(time)","data":\#(data)}"#).utf8)
    }

    /// A webhook of something that never was.
    mutating func untruth() -> [UInt8] {
        operations.append(Operation(kind: .capture, id: "capture_untrue", amount: 7, status: "CAPTURED"))
        defer { operations.removeLast() }
        return webhook("CAPTURE_SUCCEEDED", operations.count - 1)
    }

    /// What PPRO's API answers now.
    var word: RemoteCharge {
        get throws {
            func list(_ kind: OperationFact.Kind) -> String {
                operations.filter { $0.kind == kind }.map { #"{"id":"\#($0.id)","amount":\#($0.amount),"status":"\#($0.status)"}"# }.joined(separator: ",")
            }
            let (created, updated) = (Instant(milliseconds: Life.start + createdAt).iso8601, Instant(milliseconds: Life.start + updatedAt).iso8601)
            let text = """
                {"id":"\(id)","status":"\(status)","currency":"IDR","paymentMethod":"MOCK","merchantPaymentChargeReference":"pay-\(id)",\
                "createdAt":"\(created)","updatedAt":"\(updated)","authorizations":[\(list(.authorization))],"captures":[\(list(.capture))],\
                "refunds":[\(list(.refund))],"voids":[\(list(.void))]}
                """
            return try RemoteCharge(try JSONDocument.parse(Array(text.utf8)).root)
        }
    }
}

import PaymentCore
import Testing

@testable import Provider

/// Captures, voids and refunds of `MOCK`, whole and in parts.
@Suite struct OperationTests {
    private func authorized(_ rig: inout Rig, amount: Int64 = 1_000) throws -> String {
        try rig.create(Orders.mock("requiresCapture=true", amount: amount)).id
    }

    /// Does an operation and waits for its end.
    private func operate(_ rig: inout Rig, _ list: String, _ amount: Int64, on id: String) throws -> ChargeStatus {
        let answer = rig.post("v1/payment-charges/\(id)/\(list)", #"{"amount":\#(amount)}"#)
        try #require(answer.status == 200, "\(answer.text)")
        rig.wait(milliseconds: ProviderRules.processingMilliseconds)
        return try rig.charge(id).status
    }

    @Test func capturesMayBePartial() throws {
        var rig = Rig()
        let id = try authorized(&rig)
        #expect(try operate(&rig, "captures", 300, on: id) == .capturePending)
        #expect(rig.post("v1/payment-charges/\(id)/captures", #"{"amount":701}"#).failureMessage == "amount must be at most 700, what is left to capture")
        #expect(try operate(&rig, "captures", 700, on: id) == .captured)
        #expect(try rig.get("v1/payment-charges/\(id)/captures").json["data"]?.elements.compactMap { $0["amount"]?.integerValue } == [300, 700])
        #expect(rig.told(id).filter { $0 == "CAPTURE_SUCCEEDED" }.count == 2)
    }

    @Test func whileOneIsUnderWayThereIsNoOther() throws {
        var rig = Rig()
        let id = try authorized(&rig)
        let answer = rig.post("v1/payment-charges/\(id)/captures", #"{"amount":300,"merchantCaptureReference":"c-1"}"#)
        #expect(try answer.json["status"]?.string == "CAPTURE_PROCESSING")
        #expect(try answer.json["merchantCaptureReference"]?.string == "c-1")
        #expect(rig.post("v1/payment-charges/\(id)/captures", #"{"amount":300}"#).status == 422)
        #expect(rig.post("v1/payment-charges/\(id)/voids", #"{"amount":300}"#).status == 422)
    }

    @Test func voidsMayBePartialToo() throws {
        var rig = Rig()
        let whole = try authorized(&rig)
        #expect(try operate(&rig, "voids", 1_000, on: whole) == .voided)
        let parts = try authorized(&rig)
        #expect(try operate(&rig, "voids", 400, on: parts) == .capturePending)
        #expect(try operate(&rig, "voids", 600, on: parts) == .voided)
        let mixed = try authorized(&rig)
        #expect(try operate(&rig, "captures", 400, on: mixed) == .capturePending)
        #expect(try operate(&rig, "voids", 600, on: mixed) == .captured)
        #expect(try operate(&rig, "refunds", 400, on: mixed) == .refunded)
    }

    @Test func refundsMayBePartial() throws {
        var rig = Rig()
        let id = try rig.create(Orders.mock()).id
        rig.wait(milliseconds: 1_000)
        #expect(try operate(&rig, "refunds", 400, on: id) == .captured)
        #expect(rig.post("v1/payment-charges/\(id)/refunds", #"{"amount":601}"#).status == 400)
        #expect(try operate(&rig, "refunds", 600, on: id) == .refunded)
        #expect(rig.told(id).filter { $0.hasPrefix("REFUND") } == ["REFUND_PENDING", "REFUND_SUCCEEDED", "REFUND_PENDING", "REFUND_SUCCEEDED"])
        #expect(rig.post("v1/payment-charges/\(id)/refunds", #"{"amount":1}"#).status == 422)
    }

    /// The amounts that always fail are those of operations, too.
    @Test func operationsMayFail() throws {
        var rig = Rig()
        let id = try authorized(&rig, amount: 1_000_000)
        #expect(try operate(&rig, "captures", 300_002, on: id) == .capturePending)
        #expect(try operate(&rig, "voids", 300_001, on: id) == .capturePending)
        #expect(try operate(&rig, "captures", 1_000_000, on: id) == .captured)
        #expect(try operate(&rig, "refunds", 300_001, on: id) == .captured)
        #expect(rig.told(id).filter { $0.hasSuffix("_FAILED") } == ["CAPTURE_FAILED", "VOID_FAILED", "REFUND_FAILED"])
        let charge = try rig.charge(id)
        #expect(charge.operations.filter { $0.status == "FAILED" }.map(\.failureCode) == ["INSUFFICIENT_FUNDS", "GENERIC_DECLINE", "GENERIC_DECLINE"])
        #expect(charge.failureCode == nil)
        #expect(try operate(&rig, "refunds", 1_000_000, on: id) == .refunded)
    }

    @Test(arguments: ["{}", #"{"amount":0}"#, #"{"amount":-1}"#, #"{"amount":1.5}"#, #"{"amount":"1"}"#, #"{"amount":9223372036854775808}"#])
    func amountsAreExact(body: String) throws {
        var rig = Rig()
        let id = try authorized(&rig)
        let answer = rig.post("v1/payment-charges/\(id)/captures", body)
        #expect(answer.status == 400)
        #expect(answer.failureMessage.hasPrefix("amount "))
    }

    @Test func theLargestAmountIsNoTrap() throws {
        var rig = Rig()
        let id = try authorized(&rig, amount: .max)
        #expect(rig.post("v1/payment-charges/\(id)/captures", #"{"amount":1}"#).status == 200)
        rig.wait(milliseconds: 1_000)
        #expect(try operate(&rig, "captures", .max - 1, on: id) == .captured)
    }

    @Test func fundsFollow() throws {
        var rig = Rig()
        let id = try rig.create(Orders.mock()).id
        rig.wait(milliseconds: 1_000)
        func states() throws -> [String] {
            try rig.get("v1/payment-charges/\(id)/funds-statuses").json.elements.compactMap { $0["fundsStatus"]?.string }
        }
        #expect(try states() == ["CAPTURE_FUNDS_WAITING"])
        _ = try operate(&rig, "refunds", 100, on: id)
        #expect(try states() == ["CAPTURE_FUNDS_WAITING", "REFUND_FUNDS_WAITING"])
        rig.wait(hours: 25)
        #expect(try states() == ["CAPTURE_FUNDS_RECEIVED", "REFUND_FUNDS_SENT"])
        #expect(rig.told(id).filter { $0 == "FUNDS_STATE_CHANGED" }.count == 4)
        #expect(try rig.charge(id).updatedAt == rig.webhooks.last?.time)
    }
}

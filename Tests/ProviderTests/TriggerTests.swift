import PaymentCore
import Testing

@testable import Provider

/// What is made to happen by `POST /sandbox/charges/{id}/…`.
@Suite struct TriggerTests {
    private func pull(_ rig: inout Rig, _ trigger: String, _ body: String = "", on id: String) -> APIAnswer {
        var request = rig.request(.post, "sandbox/charges/\(id)/\(trigger)")
        // Nobody needs a key for it.
        request.authorization = nil
        request.body = Array(body.utf8)
        return rig.ask(request)
    }

    private func lastData(_ rig: Rig) throws -> JSONValue {
        let body = try #require(rig.webhooks.last).body
        return try #require(try JSONDocument.parse(body).root["data"])
    }

    private func captured(_ rig: inout Rig, _ body: String = Orders.mock()) throws -> String {
        let id = try rig.create(body).id
        if body.contains("JENIUS_PAY") { _ = try rig.click("decision=approve", on: id) }
        rig.wait(milliseconds: 1_000)
        return id
    }

    @Test func aChargebackIsAnEventWithoutAStatus() throws {
        var rig = Rig()
        let id = try captured(&rig)
        let answer = pull(&rig, "chargeback", #"{"amount":400}"#, on: id)
        #expect(answer.status == 200)
        #expect(try answer.json["chargedBack"]?.integerValue == 400)
        let data = try lastData(rig)
        #expect(data.members.map(\.key) == ["type", "paymentChargeId", "merchantId", "amount"])
        #expect(data["amount"]?["value"]?.integerValue == 400 && data["amount"]?["currency"]?.string == "EUR")
        #expect(rig.told(id).last == "CHARGEBACK_SUCCEEDED")
        #expect(try rig.charge(id).status == .captured)
        // The rest, and then nothing is left.
        #expect(try pull(&rig, "chargeback", on: id).json["chargedBack"]?.integerValue == 1_000)
        #expect(pull(&rig, "chargeback", on: id).status == 422)
        // PPRO does not keep a merchant from refunding what was charged back.
        #expect(rig.post("v1/payment-charges/\(id)/refunds", #"{"amount":1000}"#).status == 200)
    }

    @Test func whatWasNotCapturedIsNotChargedBack() throws {
        var rig = Rig()
        let id = try rig.create(Orders.mock("requiresCapture=true")).id
        #expect(pull(&rig, "chargeback", on: id).failureMessage.contains("CAPTURE_PENDING"))
        let other = try captured(&rig)
        #expect(pull(&rig, "chargeback", #"{"amount":1001}"#, on: other).status == 400)
        #expect(pull(&rig, "chargeback", on: "charge_1").status == 404)
        #expect(pull(&rig, "chargeback", "[]", on: other).status == 400)
    }

    @Test(arguments: [("chargeback", "CHARGEBACK_SUCCEEDED", "disputes"), ("refund", "REFUND_PENDING", "refunds")])
    func whatJeniusPayDoesNotHaveHasToBeForced(trigger: String, type: String, name: String) throws {
        var rig = Rig()
        let id = try captured(&rig, Orders.jeniusPay())
        let refused = pull(&rig, trigger, on: id)
        #expect(refused.status == 422)
        #expect(refused.failureMessage == #"JENIUS_PAY has no \#(name); {"force":true} does it all the same"#)
        #expect(pull(&rig, trigger, #"{"force":true}"#, on: id).status == 200)
        #expect(rig.told(id).last == type)
        rig.wait(milliseconds: 1_000)
        #expect(try rig.charge(id).status == (trigger == "refund" ? .refunded : .captured))
    }

    @Test(arguments: ChargeOperation.fundsStates) func everyFundsStateCanBeReached(state: String) throws {
        var rig = Rig()
        let id = try captured(&rig)
        if state.hasPrefix("REFUND") {
            #expect(pull(&rig, "funds", #"{"state":"\#(state)"}"#, on: id).failureMessage.contains("no refund that succeeded"))
            _ = rig.post("v1/payment-charges/\(id)/refunds", #"{"amount":100,"merchantRefundReference":"r-1"}"#)
            rig.wait(milliseconds: 1_000)
        }
        #expect(pull(&rig, "funds", #"{"state":"\#(state)"}"#, on: id).status == 200)
        let data = try lastData(rig)
        #expect(data["fundsState"]?.string == state)
        let isRefund = state.hasPrefix("REFUND")
        #expect(data["paymentOperationType"]?.string == (isRefund ? "REFUND" : "CAPTURE"))
        #expect(data["merchantRefundReference"]?.string == (isRefund ? "r-1" : nil))
        // What somebody has said stays; only money that is waited for comes.
        rig.wait(hours: 48)
        let states = try rig.get("v1/payment-charges/\(id)/funds-statuses").json.elements.compactMap { $0["fundsStatus"]?.string }
        #expect(states.last == (state.hasSuffix("WAITING") ? (isRefund ? "REFUND_FUNDS_SENT" : "CAPTURE_FUNDS_RECEIVED") : state))
    }

    @Test func fundsNeedAStateAndAnOperation() throws {
        var rig = Rig()
        let id = try captured(&rig)
        for body in ["{}", #"{"state":"GONE"}"#] { #expect(pull(&rig, "funds", body, on: id).failureMessage.hasPrefix("state ")) }
        #expect(pull(&rig, "funds", #"{"state":"CAPTURE_FUNDS_MISSING","operationId":"capture_1"}"#, on: id).status == 422)
        let operation = try #require(try rig.charge(id).operations.last?.id)
        #expect(pull(&rig, "funds", #"{"state":"CAPTURE_FUNDS_MISSING","operationId":"\#(operation)"}"#, on: id).status == 200)
    }

    @Test(arguments: [
        ("MERCHANT_INITIATED_DISCARD", "requiresAuthentication=true"), ("AUTHENTICATION_TIMEOUT", "requiresAuthentication=true"),
        ("MERCHANT_INITIATED_DISCARD", "providerConfirmation=true"), ("PROVIDER_CONFIRMATION_TIMEOUT", "providerConfirmation=true"),
    ]) func whatIsPendingCanBeDiscarded(type: String, descriptor: String) throws {
        var rig = Rig()
        let id = try rig.create(Orders.mock(descriptor)).id
        let before = try rig.charge(id).status
        let body = #""discardType":"\#(type)","merchantDiscardReference":"d-1""#
        // A discard that fails changes nothing.
        #expect(pull(&rig, "discard", #"{"fails":true,\#(body)}"#, on: id).status == 200)
        #expect(try rig.charge(id).status == before)
        #expect(rig.told(id).last == "DISCARD_FAILED")
        #expect(pull(&rig, "discard", "{\(body)}", on: id).status == 200)
        #expect(rig.told(id).last == "DISCARDED")
        let data = try lastData(rig)
        #expect(data["discardType"]?.string == type && data["merchantDiscardReference"]?.string == "d-1")
        #expect(data["paymentChargeStatus"]?.string == "DISCARDED" && data["authorizationId"]?.string?.hasPrefix("authz_") == true)
        let discards = try #require(try rig.get("v1/payment-charges/\(id)").json["discards"]).elements
        #expect(discards.map { $0["status"]?.string } == ["FAILED", "DISCARDED"])
        rig.wait(hours: 48)
        #expect(try rig.charge(id).status == .discarded)
        #expect(pull(&rig, "discard", on: id).status == 422)
    }

    @Test func eachTimeOutHasItsStatus() throws {
        var rig = Rig()
        let waiting = try rig.create(Orders.mock("requiresAuthentication=true")).id
        let confirming = try rig.create(Orders.mock("providerConfirmation=true")).id
        #expect(pull(&rig, "discard", #"{"discardType":"PROVIDER_CONFIRMATION_TIMEOUT"}"#, on: waiting).status == 422)
        #expect(pull(&rig, "discard", #"{"discardType":"AUTHENTICATION_TIMEOUT"}"#, on: confirming).status == 422)
        #expect(pull(&rig, "discard", #"{"discardType":"OTHER"}"#, on: waiting).status == 400)
    }
}

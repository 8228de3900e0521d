import PaymentCore
import Testing

@testable import Provider

@Suite struct MockTests {
    @Test func withoutAWordItIsCapturedAtOnce() throws {
        var rig = Rig()
        let charge = try rig.create(Orders.mock())
        #expect(charge.status == .captureProcessing)
        rig.wait(milliseconds: 1_000)
        #expect(try rig.charge(charge.id).status == .captured)
        #expect(rig.told(charge.id) == ["CREATED", "AUTHORIZATION_SUCCEEDED", "CAPTURE_SUCCEEDED", "FUNDS_STATE_CHANGED"])
    }

    @Test func theProviderMayConfirmLater() throws {
        var rig = Rig()
        let charge = try rig.create(Orders.mock("providerConfirmation=true"))
        #expect(charge.status == .authorizationAsync)
        rig.wait(milliseconds: 9_999)
        #expect(try rig.charge(charge.id).status == .authorizationAsync)
        rig.wait(milliseconds: 1_000)
        #expect(try rig.charge(charge.id).status == .captured)
        #expect(rig.told(charge.id).prefix(3) == ["CREATED", "PROVIDER_CONFIRMATION_PENDING", "AUTHORIZATION_SUCCEEDED"])
        let quick = try rig.create(Orders.mock("providerConfirmation=true; providerConfirmationDelay=0"))
        rig.wait(milliseconds: 1_000)
        #expect(try rig.charge(quick.id).status == .captured)
    }

    @Test func allAtOnce() throws {
        var rig = Rig()
        let descriptor = "requiresAuthentication=true;authenticationType=REDIRECT;providerConfirmation=true;providerConfirmationDelay=3;requiresCapture=true"
        let id = try rig.create(Orders.mock(descriptor)).id
        _ = try rig.click("decision=approve", on: id)
        #expect(try rig.charge(id).status == .authorizationAsync)
        rig.wait(milliseconds: 3_000)
        #expect(try rig.charge(id).status == .capturePending)
        #expect(rig.told(id) == ["CREATED", "AUTHENTICATION_PENDING", "PROVIDER_CONFIRMATION_PENDING", "AUTHORIZATION_SUCCEEDED"])
        let last = try JSONDocument.parse(try #require(rig.webhooks.last).body).root
        #expect(last["data"]?["isMultiStep"]?.bool == true)
        rig.wait(hours: 1_000)
        #expect(try rig.charge(id).status == .capturePending)
    }

    @Test(arguments: [
        (299_999, nil), (300_000, "GENERIC_DECLINE"), (300_001, "GENERIC_DECLINE"), (300_002, "INSUFFICIENT_FUNDS"), (399_902, "INSUFFICIENT_FUNDS"),
        (400_000, "GENERIC_DECLINE"), (400_001, nil),
    ]) func someAmountsAlwaysFail(amount: Int64, code: String?) throws {
        var rig = Rig()
        for descriptor in ["", "requiresCapture=true", "providerConfirmation=true", "requiresAuthentication=true"] {
            let id = try rig.create(Orders.mock(descriptor, amount: amount)).id
            if descriptor.hasPrefix("requiresAuth") { _ = try rig.click("decision=approve", on: id) }
            rig.wait(milliseconds: 11_000)
            let charge = try rig.charge(id)
            #expect(charge.failureCode == code)
            #expect((charge.status == .failed) == (code != nil))
        }
    }

    @Test(arguments: ["requiresAuthentication=yes", "requiresCapture=1", "providerConfirmation=", "authenticationType=SMS", "providerConfirmationDelay=-1"])
    func nonsenseIsNamed(descriptor: String) {
        var rig = Rig()
        let answer = rig.post("v1/payment-charges", Orders.mock(descriptor))
        #expect(answer.status == 400)
        #expect(answer.failureMessage.contains("paymentDescriptor: \(descriptor.prefix { $0 != "=" })"))
    }

    @Test func otherTextIsForTheConsumer() throws {
        #expect(try ChargeCourse(mock: "Toko Contoh; order=7;requiresCapture=true") == ChargeCourse(requiresCapture: true))
        #expect(try ChargeCourse(mock: nil) == ChargeCourse())
    }

    @Test func aScannedCodeLeadsToTheWallet() throws {
        var rig = Rig()
        let id = try rig.create(Orders.mock("requiresAuthentication=true;authenticationType=SCAN_CODE")).id
        let method = try #require(try rig.get("v1/payment-charges/\(id)").json["authenticationMethods"]?.elements.first)
        #expect(method["type"]?.string == "SCAN_CODE")
        #expect(method["details"]?["codeType"]?.string == "QR")
        #expect(method["details"]?["codePayload"]?.string?.hasPrefix("http://pay.test:9100/wallet/") == true)
        _ = try rig.click("decision=approve", on: id)
        #expect(try rig.charge(id).status == .captureProcessing)
    }

    @Test func theCodeOfMultiFactorIs123() throws {
        var rig = Rig()
        let id = try rig.create(Orders.mock("requiresAuthentication=true;authenticationType=MULTI_FACTOR")).id
        let path = "v1/payment-charges/\(id)/authorizations"
        func code(_ code: String) -> String { #"{"authenticationResult":{"type":"MULTI_FACTOR","details":{"verificationCode":"\#(code)"}}}"# }
        let wrong = rig.post(path, code("321"))
        #expect(wrong.status == 400)
        #expect(wrong.failureMessage.contains("verificationCode"))
        #expect(try rig.charge(id).status == .authenticationPending)
        let right = rig.post(path, code("123"))
        #expect(right.status == 200)
        #expect(try right.json["status"]?.string == "AUTHORIZED")
        #expect(rig.post(path, code("123")).status == 422)
        rig.wait(milliseconds: 1_000)
        #expect(try rig.charge(id).status == .captured)
    }
}

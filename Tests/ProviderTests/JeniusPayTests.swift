import PaymentCore
import Testing

@testable import Provider

@Suite struct JeniusPayTests {
    @Test func aChargeWaitsForItsConsumer() throws {
        var rig = Rig()
        let answer = rig.post("v1/payment-charges", Orders.jeniusPay())
        #expect(answer.status == 200)
        let charge = try RemoteCharge(try answer.json)
        #expect(charge.status == .authenticationPending)
        #expect(charge.authenticationLink?.method == "GET")
        let url = try #require(charge.authenticationLink?.url)
        #expect(url.hasPrefix("http://pay.test:9100/wallet/"))
        #expect(charge.id.hasPrefix("charge_") && charge.id.utf8.count == 28)
        #expect(charge.operations.map(\.kind) == [.authorization])
        #expect(charge.operations.first?.id.utf8.count == 27)
        #expect(charge.createdAt == Rig.start)
        #expect(charge.updatedAt == Rig.start.advanced(byMilliseconds: 1))
        #expect(charge.merchantPaymentChargeReference == "attempt-1")
        #expect(charge.orderReferenceNumber == "order-1")
        #expect(rig.told(charge.id) == ["CREATED", "AUTHENTICATION_PENDING"])
        for name in [
            "id", "paymentMethod", "paymentMedium", "scheduleType", "instrumentId", "currency", "country", "status", "consumer", "order", "failure",
            "authenticationMethods", "authorizations", "captures", "refunds", "discards", "voids", "createdAt", "updatedAt", "_links",
        ] { #expect(try answer.json[name] != nil, "\(name)") }
    }

    @Test func anApprovedChargeIsCaptured() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        rig.wait(milliseconds: 5_000)
        let answer = try rig.click("decision=approve", on: id)
        #expect(answer.status == 303)
        #expect(answer.header("Location") == Orders.returnUrl)
        #expect(try rig.charge(id).status == .captureProcessing)
        #expect(try rig.charge(id).authenticationLink == nil)
        rig.wait(milliseconds: ProviderRules.processingMilliseconds)
        let charge = try rig.charge(id)
        #expect(charge.status == .captured)
        #expect(charge.operations.map(\.status) == ["AUTHORIZED", "CAPTURED"])
        #expect(charge.operations.map(\.amount) == [1_000_000, 1_000_000])
        #expect(rig.told(id) == ["CREATED", "AUTHENTICATION_PENDING", "AUTHORIZATION_SUCCEEDED", "CAPTURE_SUCCEEDED"])
    }

    @Test func aDeclinedChargeFails() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        #expect(try rig.click("decision=decline", on: id).header("Location") == Orders.returnUrl)
        let charge = try rig.charge(id)
        #expect(charge.status == .failed)
        #expect(charge.failureCode == "CANCELED_BY_CONSUMER")
        #expect(charge.operations.map(\.state) == [.failed])
        #expect(rig.told(id).last == "AUTHORIZATION_FAILED")
    }

    @Test func anAbandonedChargeRunsOutOfTime() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        #expect(try rig.click("decision=abandon", on: id).header("Location") == Orders.returnUrl)
        rig.wait(milliseconds: 6 * 3_600_000 - 1)
        #expect(try rig.charge(id).status == .authenticationPending)
        rig.wait(milliseconds: 1)
        let charge = try rig.charge(id)
        #expect(charge.status == .discarded)
        #expect(charge.updatedAt == Rig.start.advanced(byMilliseconds: 6 * 3_600_000))
        #expect(rig.told(id).last == "DISCARDED")
        let body = try JSONDocument.parse(try #require(rig.webhooks.last).body).root
        #expect(body["data"]?["discardType"]?.string == "AUTHENTICATION_TIMEOUT")
        #expect(try rig.get("v1/payment-charges/\(id)").json["discards"]?.elements.first?["discardType"]?.string == "AUTHENTICATION_TIMEOUT")
        // Too late, and it is said.
        let late = try rig.click("decision=approve", on: id)
        #expect(late.status == 409 && late.text.contains("Approve came too late: the payment had expired before."))
        #expect(try rig.charge(id).status == .discarded)
    }

    @Test func timeCanBeScaled() throws {
        var rig = Rig(rules: ProviderRules(timeScale: 0.001))
        let id = try rig.create(Orders.jeniusPay()).id
        rig.wait(milliseconds: 21_599)
        #expect(try rig.charge(id).status == .authenticationPending)
        rig.wait(milliseconds: 1)
        #expect(try rig.charge(id).status == .discarded)
    }

    @Test(arguments: [
        (999_999, false, false), (1_000_000, false, true), (200_000_000, false, true), (200_000_001, false, false), (200_000_001, true, true),
        (1_000_000_000, true, true), (1_000_000_001, true, false),
    ]) func amountsHaveLimits(amount: Int64, isKYC: Bool, isTaken: Bool) {
        var rig = Rig(rules: ProviderRules(isKYC: isKYC))
        let answer = rig.post("v1/payment-charges", Orders.jeniusPay(amount: amount))
        #expect(answer.status == (isTaken ? 200 : 400))
        if !isTaken { #expect(answer.failureMessage.contains("amount.value")) }
    }

    @Test(arguments: [
        "consumer.name", "consumer.country", "consumer.email", "consumer.phone", "order.shippingAddress.street", "order.shippingAddress.postalCode",
        "order.shippingAddress.city", "order.shippingAddress.country", "order.orderItems[0].name", "order.orderItems[0].quantity",
        "order.orderItems[0].amount", "amount.value", "amount.currency", "settings.returnUrl", "paymentMethod",
    ]) func everyRequiredFieldIsNamed(path: String) throws {
        var rig = Rig()
        // Renaming the member takes it away and nothing else.
        let name = try #require(path.split(separator: ".").last)
        let parents = path.split(separator: ".").dropLast()
        var body = Orders.jeniusPay()
        var from = body.startIndex
        for parent in parents {
            let key = parent.hasSuffix("[0]") ? parent.dropLast(3) : parent
            from = try #require(body.firstRange(of: "\"\(key)\":", from: from)).upperBound
        }
        let range = try #require(body.firstRange(of: "\"\(name)\":", from: from))
        body.replaceSubrange(range, with: "\"gone\":")
        let answer = rig.post("v1/payment-charges", body)
        #expect(answer.status == 400)
        #expect(answer.failureMessage.contains(path), "\(answer.failureMessage)")
        #expect(rig.webhooks.isEmpty)
    }

    @Test(arguments: [
        (Orders.jeniusPay(currency: "EUR"), 400, "amount.currency"), (Orders.jeniusPay(country: "DE"), 400, "consumer.country"),
        (Orders.jeniusPay(more: #","autoCapture":false"#), 422, "separate captures"), (Orders.jeniusPay(more: #","initiator":"MERCHANT""#), 422, "recurring"),
        (Orders.jeniusPay(more: #","scheduleType":"SCHEDULED""#), 422, "recurring"), (Orders.jeniusPay(more: #","instrumentId":"instr_1""#), 422, "recurring"),
        (Orders.jeniusPay(more: #","webhooksUrl":"ftp://shop.test/""#), 400, "webhooksUrl"),
        (Orders.jeniusPay(more: #","paymentMedium":"MAIL""#), 400, "paymentMedium"), (Orders.jeniusPay(more: ",}"), 400, "JSON"), ("[]", 400, "object"),
        (#"{"paymentMethod":"IDEAL"}"#, 400, "paymentMethod"),
    ]) func whatItCannotDoIsRefused(body: String, status: Int, word: String) {
        var rig = Rig()
        let answer = rig.post("v1/payment-charges", body)
        #expect(answer.status == status)
        #expect(answer.failureMessage.contains(word), "\(answer.failureMessage)")
    }

    @Test func onlyRedirectIsAuthentication() {
        var rig = Rig()
        let body = Orders.jeniusPay().replacing("REDIRECT", with: "SCAN_CODE")
        #expect(rig.post("v1/payment-charges", body).failureMessage.contains("REDIRECT"))
    }

    @Test(arguments: ["captures", "refunds", "voids"]) func itHasNoOperationsOfItsOwn(list: String) throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        _ = try rig.click("decision=approve", on: id)
        rig.wait(milliseconds: 1_000)
        let answer = rig.post("v1/payment-charges/\(id)/\(list)", #"{"amount":1000}"#)
        #expect(answer.status == 422)
        #expect(answer.failureMessage.contains("JENIUS_PAY has no"))
        #expect(try rig.charge(id).status == .captured)
    }

    @Test func itsInstrumentIsAWalletPassedThrough() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        let instrument = try #require(try rig.get("v1/payment-charges/\(id)").json["instrumentId"]?.string)
        let answer = rig.get("v1/payment-instruments/\(instrument)")
        #expect(answer.text == #"{"id":"\#(instrument)","type":"PASSTHROUGH_WALLET"}"#)
        #expect(rig.get("v1/payment-instruments/instr_none").status == 404)
    }

    @Test func itsFundsCome() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        _ = try rig.click("decision=approve", on: id)
        func states() throws -> [String?] { try rig.get("v1/payment-charges/\(id)/funds-statuses").json.elements.map { $0["fundsStatus"]?.string } }
        rig.wait(hours: 23)
        #expect(try states() == ["CAPTURE_FUNDS_WAITING"])
        #expect(!rig.told(id).contains("FUNDS_STATE_CHANGED"))
        rig.wait(hours: 2)
        #expect(try states() == ["CAPTURE_FUNDS_RECEIVED"])
        #expect(rig.told(id).filter { $0 == "FUNDS_STATE_CHANGED" }.count == 1)
    }

    @Test func agreementsAreRefused() {
        var rig = Rig()
        let answer = rig.post("v1/payment-agreements", #"{"paymentMethod":"JENIUS_PAY"}"#)
        #expect(answer.status == 422)
        #expect(answer.failureMessage == "JENIUS_PAY has no recurring payments")
    }
}

extension String {
    fileprivate func firstRange(of text: String, from: Index) -> Range<Index>? { self[from...].firstRange(of: text) }
}

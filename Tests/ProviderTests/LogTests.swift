import PaymentCore
import Testing

@testable import Provider

/// What somebody sees who wonders what came and what became of it.
@Suite struct LogTests {
    @Test func theLogHoldsIdsAndNoPersonalData() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        _ = rig.get("v1/payment-charges", ("merchantPaymentChargeReference", "attempt-1"))
        let token = try #require(rig.state.book.charges[id]?.token)
        _ = rig.get("wallet/\(token)")
        _ = try rig.click("decision=approve", on: id)
        let log = rig.get("sandbox/requests")
        let rows = try rows(&rig)
        #expect(rows.compactMap { $0["path"]?.string } == ["/wallet/{token}", "/wallet/{token}", "/v1/payment-charges", "/v1/payment-charges"])
        #expect(rows.compactMap { $0["subject"]?.string } == [id, id, id])
        #expect(rows.compactMap { $0["status"]?.integerValue } == [303, 200, 200, 200])
        for secret in ["Siti", "siti@", "+62", "attempt-1", token, Rig.key] { #expect(!log.text.contains(secret), "\(secret)") }
        let webhooks = rig.get("sandbox/webhooks", ("charge", id))
        #expect(try webhooks.json["data"]?.elements.compactMap { $0["state"]?.string } == ["delivered", "delivered", "delivered"])
        for secret in ["Siti", "siti@", "+62", "attempt-1", token, "shop.test"] { #expect(!webhooks.text.contains(secret), "\(secret)") }
        #expect(try rig.get("sandbox/webhooks", ("charge", "charge_1")).json["data"]?.elements.isEmpty == true)
        #expect(rig.get("sandbox/wallet/\(id)").header("Location")?.hasSuffix("/wallet/\(token)") == true)
    }

    private func rows(_ rig: inout Rig) throws -> [JSONValue] { try #require(try rig.get("sandbox/requests").json["data"]).elements }

    @Test func aRefusalSaysWhy() throws {
        var rig = Rig(burst: 4)
        let key = "0190a1b2-c3d4-4e5f-8a6b-7c8d9e0f1a2b"
        _ = rig.post("v1/payment-charges", "{}", key: key)
        var request = rig.request(.get, "v1/payment-charges/charge_1")
        request.merchantId = "merch_other"
        #expect(rig.ask(request).text == #"{"message":"Unauthorized"}"#)
        request.authorization = nil
        _ = rig.ask(request)
        for _ in 0..<5 { _ = rig.get("v1/payment-charges/charge_1") }
        let rows = try rows(&rig)
        #expect(rows.compactMap { $0["status"]?.integerValue } == [429, 404, 404, 404, 404, 401, 401, 400])
        let reasons = rows.compactMap { $0["failureMessage"]?.string }
        #expect(reasons.first?.hasPrefix("too many requests") == true)
        #expect(reasons[4] == "there is no such payment charge")
        #expect(reasons.suffix(3) == ["the header Authorization is missing", "the header Merchant-Id names another merchant", "paymentMethod is missing"])
        #expect(rows.last?["idempotencyKey"]?.string == key)
    }

    /// A client's slip of the pen has to be seen as it is; what is no text for a terminal is not shown.
    @Test func anUnknownPathIsShownAsSent() throws {
        var rig = Rig()
        _ = rig.get("v1/payment-charge")
        var request = rig.request(.get, "v1/a")
        request.target = "/v1/\u{1B}[2J" + String(repeating: "x", count: 500)
        _ = rig.ask(request)
        _ = rig.get("v1/payment-charges/\u{1B}[2J")
        let rows = try rows(&rig)
        let paths = rows.compactMap { $0["path"]?.string }
        #expect(paths[2] == "/v1/payment-charge")
        #expect(paths[1].hasPrefix("/v1/?[2Jx") && paths[1].utf8.count == 200)
        #expect(rows[0]["subject"]?.string == "?[2J")
    }

    /// What never became a request: a body that is too large, a path with broken escapes.
    @Test func whatWasNotUnderstoodIsLoggedToo() throws {
        var rig = Rig()
        for (target, refusal) in [("/v1/%zz", Refusal.field("not percent-encoded")), ("/v1/payment-charges", Refusal(413, "too large"))] {
            let request = APIRequest(.post, path: ["?"], target: target)
            #expect(rig.state.conclude(rig.state.turnAway(request, refusal, at: rig.now), at: rig.now).answer.status == refusal.status)
        }
        let rows = try rows(&rig)
        #expect(rows.map { $0["path"]?.string } == ["/v1/payment-charges", "/v1/%zz"])
        #expect(rows.map { $0["failureMessage"]?.string } == ["too large", "not percent-encoded"])
    }

    @Test func aLookIsNoRequest() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        for path in ["", "sandbox/charges", "sandbox/requests", "sandbox/webhooks", "sandbox/wallet/\(id)"] { _ = rig.get(path) }
        #expect(try rows(&rig).count == 1)
        _ = rig.post("sandbox/charges/\(id)/discard", "")
        #expect(try rows(&rig).first?["path"]?.string == "/sandbox/charges/{id}/discard")
    }

    @Test(arguments: ["requests", "webhooks", "charges"]) func listsHaveALimit(list: String) throws {
        var rig = Rig()
        for _ in 0..<5 { _ = try rig.create(Orders.jeniusPay()) }
        #expect(try rig.get("sandbox/\(list)", ("limit", "2")).json["data"]?.elements.count == 2)
        for limit in ["0", "-1", "1001", "x"] { #expect(rig.get("sandbox/\(list)", ("limit", limit)).status == 400) }
    }

    @Test func theDurationHasTheLatency() throws {
        var rig = Rig()
        let admission = rig.state.admit(rig.request(.get, "v1/payment-charges/charge_1"), at: rig.now)
        let record = try #require(rig.state.conclude(admission, at: rig.now.advanced(byMilliseconds: 250)).record)
        #expect(record.milliseconds == 250)
        #expect(record.line == "2026-06-03T11:23:47.123Z GET /v1/payment-charges/{id} 404 250ms charge_1 (there is no such payment charge)")
    }

    @Test func aChargeThatNobodyHearsOfSaysSo() throws {
        var rig = Rig { $0.rules.webhooksUrl = nil }
        let id = try rig.create(Orders.jeniusPay()).id
        #expect(rig.webhooks.isEmpty)
        for answer in [rig.get("sandbox/webhooks", ("charge", id)), rig.get("sandbox/charges")] {
            #expect(answer.text.contains("names no webhooksUrl"))
        }
        #expect(rig.get("").text.contains("No webhooks"))
        let own = try rig.create(Orders.jeniusPay(more: #","webhooksUrl":"https://shop.test/own""#)).id
        #expect(try rig.get("sandbox/webhooks", ("charge", own)).json["note"] == nil)
        #expect(try rig.get("sandbox/webhooks", ("charge", "charge_1")).json["note"]?.string == "there is no such payment charge")
    }

    @Test func theFirstPageListsTheLatestCharges() throws {
        var rig = Rig()
        #expect(rig.get("").text.contains("None yet"))
        let open = try rig.create(Orders.jeniusPay().replacing("order-1", with: "<b>")).id
        let done = try rig.create(Orders.mock()).id
        let page = rig.get("")
        #expect(page.status == 200 && page.content == .html)
        for text in ["IDR 10,000.00", "&lt;b&gt;", #"href="/sandbox/wallet/\#(open)""#, done, "CAPTURE_PROCESSING"] {
            #expect(page.text.contains(text), "\(text)")
        }
        for text in ["Siti", "<script", #"href="/sandbox/wallet/\#(done)""#, "<b>"] { #expect(!page.text.contains(text), "\(text)") }
        let rows = try #require(try rig.get("sandbox/charges").json["data"]).elements
        #expect(rows.compactMap { $0["id"]?.string } == [done, open])
        #expect(rows[1]["wallet"]?.string == "/sandbox/wallet/\(open)")
        #expect(rows[0]["wallet"]?.isNull == true)
    }
}

import PaymentCore
import Testing

@testable import Terima

/// Asking PPRO, through the running service: its API, its commands, and by itself.
@Suite(.timeLimit(.minutes(5))) struct ReconciliationTests {
    /// A service beside a PPRO, for as long as `body` runs.
    private func with(
        isSeeded: Bool = false, waiting: ChangeFeed.Settings = .init(), _ body: (Served, FakePPRO, Shop) async throws -> Void
    ) async throws {
        let (ppro, shop) = (try await FakePPRO.start(), try await Shop.start())
        var installation = try await Installation(shop: shop.port, isSeeded: isSeeded)
        installation.environment.merge(ppro.environment) { $1 }
        let result: Result<Void, any Error>
        do { result = .success(try await installation.serve(waiting: waiting) { try await body($0, ppro, shop) }) } catch { result = .failure(error) }
        await ppro.stop()
        await shop.stop()
        try result.get()
    }

    private static let paid = FakePPRO.Charge(
        status: "CAPTURED", reference: "pay-1", authorized: 1_000_000, captured: 1_000_000, updatedAt: Instant(milliseconds: Life.start + 60_000))

    @Test(arguments: ["charge_1", "pay-1"]) func aChargeNobodyHeardOfIsTakenInByItsIdOrReference(name: String) async throws {
        try await with { served, ppro, shop in
            ppro.set("charge_1", Self.paid)
            let answer = try await served.http.post("/v1/reconciliations", #"{"charge":"\#(name)"}"#)
            #expect(answer.status == 200)
            #expect(answer.text == #"{"asked":1,"answers":[{"charge":"charge_1","status":"CAPTURED","updatedAt":"2026-06-03T11:24:00.000Z","news":true}]}"#)
            let told = try #require(await shop.next())
            #expect(told.json?["type"]?.string == "charge.captured")
            #expect(told.json?["data"]?["cause"]?["source"]?.string == "terima:reconcile")
            #expect(told.json?["data"]?["charge"]?["captured"]?.integerValue == 1_000_000)
            // The same word again is nothing new.
            let again = try await served.http.post("/v1/reconciliations", #"{"charge":"\#(name)"}"#)
            #expect(again.json?["answers"]?.elements.first?["news"]?.bool == false)
            let event = try #require(try await served.http.get("/v1/events").rows.first)
            #expect(event["source"]?.string == "terima:reconcile")
            #expect(event["repeats"]?.integerValue == 1)
        }
    }

    @Test func aWaitingReturnPageMakesPPROBeAskedOnce() async throws {
        var settings = ChangeFeed.Settings()
        settings.askAfterMilliseconds = 1
        try await with(waiting: settings) { served, ppro, _ in
            ppro.set("charge_1", Self.paid)
            let answer = try await served.http.get("/v1/charges/pay-1?wait=30s")
            #expect(answer.status == 200)
            #expect(answer.json?["result"]?.string == "paid")
            #expect(ppro.received.count == 1)
        }
    }

    /// Who asked for the reference is the only one to know it: the page that waits under it is woken, and the charge is found under it from then on.
    @Test func aReferenceThatPPROsAnswerLeavesOutIsKept() async throws {
        var settings = ChangeFeed.Settings()
        settings.askAfterMilliseconds = 1
        try await with(waiting: settings) { served, ppro, _ in
            var unnamed = Self.paid
            unnamed.namesReference = false
            ppro.set("charge_1", unnamed)
            // By its id first: then nobody has named a reference, and the same answer under one is news all the same.
            _ = try await served.http.post("/v1/reconciliations", #"{"charge":"charge_1"}"#)
            let answer = try await served.http.get("/v1/charges/pay-1?wait=30s")
            #expect(answer.status == 200)
            #expect(answer.json?["id"]?.string == "charge_1")
            #expect(answer.json?["merchantPaymentChargeReference"]?.string == "pay-1")
            let body = try await served.http.get("/v1/events/seq:2/body")
            #expect(body.json?["foundunder"]?.string == "pay-1")
            #expect(body.json?["data"]?["merchantPaymentChargeReference"] == nil)
            let again = try await served.http.post("/v1/reconciliations", #"{"charge":"pay-1"}"#)
            #expect(again.json?["answers"]?.elements.first?["news"]?.bool == false)
            #expect(try await served.installation.run("charges", "show", "--remote", "pay-1").status == 0)
        }
    }

    /// A reference is the shop's own word.
    @Test func aReferenceMayBeginAsAnIdDoes() async throws {
        try await with { served, ppro, _ in
            var charge = Self.paid
            charge.reference = "charge_of.table.7"
            ppro.set("charge_1", charge)
            let answer = try await served.http.post("/v1/reconciliations", #"{"charge":"charge_of.table.7"}"#)
            #expect(answer.json?["answers"]?.elements.first?["charge"]?.string == "charge_1")
        }
    }

    @Test func aContradictionIsSettledWithoutAnybody() async throws {
        try await with { served, ppro, _ in
            ppro.set("charge_1", Self.paid)
            _ = try await served.receive(Life.charge("charge_1", "CAPTURE_SUCCEEDED", at: 3, status: "CAPTURED", #""captureId":"captures_1""#))
            _ = try await served.receive(Life.charge("charge_1", "VOID_SUCCEEDED", at: 9, status: "VOIDED", #""voidId":"void_1""#))
            let answer = try await served.http.get("/v1/charges/charge_1?wait=30s&until=change&version=2")
            #expect(answer.json?["status"]?.string == "CAPTURED")
            #expect(answer.json?["voided"]?.integerValue == 0)
            #expect(answer.json?["anomalies"]?.integerValue == 0)
        }
    }

    @Test func manyAreAskedAboutInTheirTurn() async throws {
        try await with(isSeeded: true) { served, ppro, _ in
            ppro.set(Template.odd, Self.paid)
            // Of the template's charges one is open; it is overdue and asked about at once, whoever comes first.
            let answer = try await served.http.post("/v1/reconciliations", #"{"open":true}"#)
            #expect(answer.text == #"{"asked":1,"answers":[]}"# || answer.text == #"{"asked":0,"answers":[]}"#)
            let since = try await served.http.post("/v1/reconciliations", #"{"since":"2026-06-03T00:00:00Z"}"#)
            #expect(since.json?["asked"]?.integerValue == 4)
        }
    }

    @Test func whatCannotBeDoneIsSaid() async throws {
        try await with { served, ppro, _ in
            #expect(try await served.http.post("/v1/reconciliations", "{}").json?["code"]?.string == "bad_request")
            let unknown = try await served.http.post("/v1/reconciliations", #"{"charge":"charge_x"}"#)
            #expect(unknown.status == 404)
            ppro.fail(with: 401)
            let refused = try await served.http.post("/v1/reconciliations", #"{"charge":"charge_x"}"#)
            #expect(refused.status == 502)
            #expect(refused.json?["code"]?.string == "ppro_unavailable")
            #expect(refused.json?["detail"]?.string?.contains("unauthorized") == true)
            #expect(!refused.text.contains(FakePPRO.key))
        }
        try await Installation().serve { served in
            let answer = try await served.http.post("/v1/reconciliations", #"{"open":true}"#)
            #expect(answer.status == 409)
            #expect(answer.json?["code"]?.string == "ppro_not_configured")
            #expect(try await served.http.get("/v1/status").json?["reconciliation"] == nil)
        }
    }

    @Test func theCommandTellsWhatPPROSays() async throws {
        try await with { served, ppro, _ in
            ppro.set("charge_1", Self.paid)
            let first = try await served.installation.run("reconcile", "--charge", "pay-1")
            #expect(first.status == 0)
            #expect(first.text == "charge_1: PPRO says CAPTURED as of 2026-06-03T11:24:00.000Z: recorded, and applied if it changes anything\n")
            let second = try await served.installation.run("reconcile", "--charge", "charge_1")
            #expect(second.text == "charge_1: PPRO says CAPTURED as of 2026-06-03T11:24:00.000Z: nothing that was not known\n")
            #expect(try await served.installation.run("reconcile", "--charge", "charge_x").status == 66)
            #expect(try await served.installation.run("reconcile", "--open").text.hasPrefix("PPRO is asked about 0 charges"))
            #expect(try await served.installation.run("reconcile").status == 64)
            #expect(try await served.installation.run("reconcile", "--open", "--since", "1h").status == 64)
            let status = try await served.http.get("/v1/status")
            #expect(status.json?["reconciliation"]?["trouble"]?.isNull == true)
            // PPRO's answers are no webhooks.
            #expect(status.json?["lastReceivedAt"]?.isNull == true)
        }
        let down = try await Installation().run("reconcile", "--open")
        #expect(down.status == 69)
    }
}

import PaymentCore
import Testing

@testable import Terima

/// What the API changes, with the service running; the shop does not answer, so what is sent again stays pending.
@Suite(.timeLimit(.minutes(5))) struct OperatorAPIChangeTests {
    @Test(arguments: [
        (#"{"failed":true}"#, 2, 1), (#"{"failed":true,"delivered":true}"#, 2, 12), (#"{"failed":true,"limit":1}"#, 1, 0),
        (#"{"failed":true,"limit":3}"#, 2, 1), (#"{"charge":"charge_declined"}"#, 0, 1), (#"{"charge":"charge_declined","delivered":true}"#, 0, 2),
        (#"{"charge":"charge_paid"}"#, 0, 0), (#"{"event":"charge_declined-AUTHORIZATION_FAILED"}"#, 0, 1), (#"{"event":"\#(Template.unreadableId)"}"#, 1, 0),
        (#"{"endpoint":"shop"}"#, 0, 1), (#"{"endpoint":"other"}"#, 0, 0), (#"{"endpoint":"shop","delivered":true,"limit":5}"#, 0, 5),
        (#"{"type":"charge.*"}"#, 0, 1), (#"{"type":"agreement.*","delivered":true}"#, 0, 2), (#"{"since":"2026-06-03T11:25:20Z"}"#, 1, 1),
        (#"{"until":"2026-06-03T11:25:20Z"}"#, 1, 0), (#"{"since":"1s"}"#, 0, 0), (#"{"failed":null,"since":"100000d","limit":null}"#, 2, 1),
    ])
    func aReplayDoesWhatItsDryRunCounts(document: String, events: Int, deliveries: Int) async throws {
        try await Installation().serve { served in
            let expected = #"{"events":\#(events),"deliveries":\#(deliveries)}"#
            let dry = try await served.http.post("/v1/replays", String(document.dropLast()) + #","dryRun":true}"#)
            #expect(dry.status == 200)
            #expect(dry.text == expected)
            #expect(try served.installation.integer("SELECT count(*) FROM replay") == 0)
            let real = try await served.http.post("/v1/replays", document)
            #expect(real.status == 200)
            #expect(real.text == expected)
            #expect(try served.installation.integer("SELECT count(*) FROM replay WHERE events = \(events) AND deliveries = \(deliveries)") == 1)
        }
    }

    @Test func aReplayIsRecordedWithWhoAndWhy() async throws {
        try await Installation().serve { served in
            _ = try await served.socket.post("/v1/replays", #"{"failed":true,"who":"ayu","reason":"shop was \"down\" – 3 h"}"#)
            #expect(try served.installation.text("SELECT who FROM replay") == "ayu")
            #expect(try served.installation.text("SELECT reason FROM replay") == "shop was \"down\" – 3 h")
            #expect(try served.installation.text("SELECT selection FROM replay") == #"{"failed":true}"#)
            _ = try await served.socket.post("/v1/replays", #"{"endpoint":"shop"}"#)
            #expect(try served.installation.text("SELECT who FROM replay ORDER BY seq DESC LIMIT 1") == "operator API")
            #expect(try served.installation.text("SELECT reason FROM replay ORDER BY seq DESC LIMIT 1") == nil)
        }
    }

    /// The event that an older terima could not read makes its charge, and the feed tells of it.
    @Test func aReplayedEventIsApplied() async throws {
        let shop = try await Shop.start()
        try await Installation(shop: shop.port).serve { served in
            #expect(try await served.socket.get("/v1/charges/\(Template.late)").status == 404)
            #expect(try await served.socket.post("/v1/replays", #"{"event":"\#(Template.lateId)"}"#).text == #"{"events":1,"deliveries":0}"#)
            let told = try #require(await shop.next())
            #expect(told.json?["data"]?["charge"]?["id"]?.string == Template.late)
            #expect(try await served.socket.get("/v1/charges/\(Template.late)").json?["status"]?.string == "AUTHORIZATION_PROCESSING")
        }
        await shop.stop()
    }

    @Test func aDeadNotificationGoesOutAgainUnderItsId() async throws {
        let shop = try await Shop.start()
        try await Installation(shop: shop.port).serve { served in
            let id = try #require(try await served.socket.get("/v1/deliveries?state=dead").column("id").first)
            #expect(try await served.socket.post("/v1/replays", #"{"failed":true,"type":"charge.failed"}"#).text == #"{"events":0,"deliveries":1}"#)
            let told = try #require(await shop.next())
            #expect(told.header("webhook-id") == id)
            #expect(told.json?["id"]?.string == id)
            #expect(told.isSigned(with: served.installation.endpointSecret))
        }
        await shop.stop()
    }

    @Test func aRebuildFindsNothingWhereAllIsRight() async throws {
        try await Installation().serve { served in
            for check in [true, false] {
                let answer = try await served.http.post("/v1/rebuilds", #"{"check":\#(check)}"#)
                #expect(answer.text == #"{"charges":4,"agreements":1,"different":0,"repaired":0,"ids":[]}"#)
            }
        }
    }

    @Test func aRebuildRepairsWhatDiffers() async throws {
        let installation = try await Installation()
        try installation.tamper("UPDATE charge SET captured = 1 WHERE id = 'charge_paid'; UPDATE agreement SET status = 'REVOKED'")
        try await installation.serve { served in
            func rebuild(_ check: Bool) async throws -> String { try await served.socket.post("/v1/rebuilds", #"{"check":\#(check)}"#).text }
            let found = #"{"charges":4,"agreements":1,"different":2,"repaired":0,"ids":["charge_paid","agr_1"]}"#
            #expect(try await rebuild(true) == found)
            #expect(try await rebuild(true) == found)
            #expect(try await rebuild(false) == found.replacing(#""repaired":0"#, with: #""repaired":2"#))
            #expect(try await rebuild(true) == #"{"charges":4,"agreements":1,"different":0,"repaired":0,"ids":[]}"#)
            let charge = try await served.socket.get("/v1/charges/charge_paid").json
            #expect(charge?["captured"]?.integerValue == 1_000_000)
            #expect(charge?["version"]?.integerValue == 5)
            #expect(charge?["history"]?.elements.last?["type"]?.string == "charge.updated")
        }
    }
}

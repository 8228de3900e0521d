import EventStore
import PaymentCore
import Testing

@testable import Terima

/// Every route of `docs/api.md` that reads, on the Unix socket, over a database with one of everything.
@Suite(.timeLimit(.minutes(5))) struct OperatorAPIReadTests {
    private func reading(_ body: (APIClient) async throws -> Void) async throws {
        try await Installation().serve { try await body($0.socket) }
    }

    /// The code spans `a, b, c` below a heading of the documentation.
    private func documentedMembers(_ heading: String) throws -> [String] {
        let lines = try Repository.text("docs/api.md").split(separator: "\n").map(String.init)
        let first = lines.drop { $0 != heading }.dropFirst()
        // The list may be broken over several lines; the span ends it.
        let text = first.prefix(4).joined(separator: " ").split(separator: "`").first ?? ""
        return text.split(separator: ",").map { $0.trimming(" ") }
    }

    @Test(arguments: [("events", "### Events"), ("charges", "### Charges"), ("deliveries", "### Deliveries")])
    func aListHasTheDocumentedMembers(collection: String, heading: String) async throws {
        try await reading { api in
            let answer = try await api.get("/v1/\(collection)")
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "application/json")
            #expect(answer.header("cache-control") == "no-store")
            #expect(answer.json?.members.map(\.key) == ["data", "next"])
            let members = try documentedMembers(heading)
            #expect(members.count > 8)
            for row in answer.rows { #expect(row.members.map(\.key) == members) }
            #expect(!answer.rows.isEmpty)
        }
    }

    @Test func eventsAreNewestFirst() async throws {
        try await reading { api in
            let answer = try await api.get("/v1/events")
            #expect(answer.column("seq") == (1...Template.eventCount).reversed().map(String.init))
            #expect(answer.json?["next"]?.isNull == true)
            let failed = try #require(answer.rows.first { $0["id"]?.string == Template.unreadableId })
            #expect(failed["state"]?.string == "failed")
            #expect(failed["error"]?.string?.isEmpty == false)
            #expect(failed["type"]?.isNull == true)
            let repeated = answer.rows.last
            #expect(repeated?["repeats"]?.integerValue == 2)
            #expect(repeated?["receivedAt"]?.string == "2026-06-03T11:23:10.000Z")
            #expect(answer.rows.dropLast().last?["conflicts"]?.integerValue == 1)
        }
    }

    @Test func filtersChoose() async throws {
        let cases: [(query: String, count: Int)] = [
            ("events?state=failed", 2), ("events?state=applied", 12), ("events?state=received", 0), ("events?state=failed,applied", 14),
            ("events?state=failed&state=applied", 14), ("events?type=PAYMENT_CHARGE_*", 9), ("events?type=PAYMENT_CHARGE_CREATED,REPORT_*", 4),
            ("events?charge=charge_paid", 4), ("events?charge=agr_1", 2), ("events?charge=nobody", 0), ("events?since=2026-06-03T11:24:00Z", 9),
            ("events?until=2026-06-03T11:24:00Z", 5), ("events?since=2026-06-03T18:24:00%2B07:00&until=2026-06-03T11:24:10Z", 1),
            ("events?since=2026-06-03T18:24:00+07:00&until=2026-06-03T11:24:10Z", 1), ("events?since=1s", 0), ("events?since=100000d", 14),
            ("charges", 4), ("charges?state=paid", 2), ("charges?state=CAPTURED,FAILED", 3), ("charges?state=pending", 1), ("charges?state=refunded", 0),
            ("charges?state=SUCCESS", 2), ("charges?anomalous=true", 1), ("charges?anomalous", 1), ("charges?anomalous=false", 4),
            ("charges?charge=charge_paid", 1), ("charges?reference=pay-4711", 1), ("charges?reference=order-4711", 1), ("charges?reference=charge_paid", 0),
            ("charges?since=2026-06-03T11:23:30Z", 1), ("charges?until=2026-06-03T11:23:10Z", 1), ("agreements", 1), ("agreements?state=ACTIVE", 1),
            ("agreements?state=REVOKED", 0), ("agreements?since=2026-06-03T11:23:31Z", 1), ("agreements?until=2026-06-03T11:23:00Z", 0),
            ("deliveries", 12), ("deliveries?state=dead", 1), ("deliveries?state=delivered", 11), ("deliveries?state=pending", 0),
            ("deliveries?state=dead,delivered", 12), ("deliveries?type=charge.captured", 2), ("deliveries?type=*.active,ppro.*", 2),
            ("deliveries?charge=charge_declined", 2), ("deliveries?charge=agr_1", 2), ("deliveries?endpoint=shop&state=dead", 1),
            ("deliveries?endpoint=other", 0), ("deliveries?since=2026-06-03T12:23:00Z", 12), ("deliveries?until=2026-06-03T12:23:00Z", 0),
        ]
        try await reading { api in
            for (query, count) in cases {
                let answer = try await api.get("/v1/" + query)
                #expect(answer.status == 200, "\(query): \(answer.text)")
                #expect(answer.rows.count == count, "\(query): \(answer.text)")
            }
        }
    }

    @Test func pagesCoverEverythingOnce() async throws {
        try await reading { api in
            for collection in OperatorRequest.Collection.allCases {
                let name = collection == .events ? "seq" : "id"
                let everything = try await api.get("/v1/\(collection.rawValue)").column(name)
                var seen: [String] = []
                var next: Int64?
                repeat {
                    let place = next.map { "&before=\($0)" } ?? ""
                    let page = try await api.get("/v1/\(collection.rawValue)?limit=3\(place)")
                    #expect(page.rows.count <= 3)
                    seen += page.column(name)
                    next = page.json?["next"]?.integerValue
                } while next != nil
                #expect(seen == everything)
                let oldestFirst = try await api.get("/v1/\(collection.rawValue)?after=0&limit=2")
                #expect(oldestFirst.column(name) == everything.reversed().prefix(2).map { $0 })
            }
        }
    }

    @Test func oneEventIsShownWithEverything() async throws {
        try await reading { api in
            let byId = try await api.get("/v1/events/\(Template.paid)-AUTHENTICATION_PENDING")
            #expect(byId.status == 200)
            #expect(byId.json?["seq"]?.integerValue == 2)
            #expect(byId.json?["data"]?["authorizationId"]?.string == "authz_1")
            #expect(byId.json?["conflictingBodies"]?.elements.count == 1)
            #expect(byId.json?["notifications"]?.elements.count == 1)
            #expect(try await api.get("/v1/events/seq:2").body == byId.body)
            let unreadable = try await api.get("/v1/events/\(Template.unreadableId)")
            #expect(unreadable.json?["data"]?.isNull == true)
            for missing in ["seq:0", "seq:99", "seq:-1", "seq:x", "nothing"] {
                let answer = try await api.get("/v1/events/\(missing)")
                #expect(answer.status == 404)
                #expect(answer.json?["detail"]?.string == "no event '\(missing)'")
            }
        }
    }

    @Test func bodiesComeBackByteForByte() async throws {
        try await reading { api in
            for (index, body) in Template.bodies.enumerated() {
                let answer = try await api.get("/v1/events/seq:\(index + 1)/body")
                #expect(answer.body == body)
                #expect(answer.header("content-type") == "application/octet-stream")
            }
            #expect(try await api.get("/v1/events/\(Template.unreadableId)/body").body == Template.unreadable)
            #expect(try await api.get("/v1/events/nothing/body").status == 404)
        }
    }

    @Test func oneChargeIsShownWithItsHistory() async throws {
        try await reading { api in
            let charge = try await api.get("/v1/charges/\(Template.paid)")
            #expect(charge.json?["status"]?.string == "CAPTURED")
            #expect(charge.json?["result"]?.string == "paid")
            #expect(charge.json?["captured"]?.integerValue == 1_000_000)
            let history = charge.json?["history"]?.elements ?? []
            #expect(history.map { $0["version"]?.integerValue } == [1, 2, 3, 4])
            #expect(history.map { $0["cause"]?["seq"]?.integerValue } == [1, 2, 3, 4])
            #expect(try await api.get("/v1/charges/pay-4711").body == charge.body)
            #expect(try await api.get("/v1/charges/nobody").json?["detail"]?.string == "no charge 'nobody'")
        }
    }

    @Test func oneAgreementIsShownWithItsHistory() async throws {
        try await reading { api in
            let agreement = try await api.get("/v1/agreements/\(Template.agreement)")
            #expect(agreement.json?["status"]?.string == "ACTIVE")
            #expect(agreement.json?["merchantPaymentAgreementReference"]?.string == "abo-1")
            #expect(agreement.json?["history"]?.elements.count == 2)
            #expect(try await api.get("/v1/agreements/nobody").status == 404)
        }
    }

    @Test func aNotificationIsShownWithItsAttempts() async throws {
        try await reading { api in
            let id = try #require(try await api.get("/v1/deliveries?state=dead").column("id").first)
            let answer = try await api.get("/v1/deliveries/\(id)?endpoint=shop")
            #expect(answer.rows.count == 1)
            let attempts = answer.rows.first?["attempts"]?.elements ?? []
            #expect(attempts.map { $0["number"]?.integerValue } == [1, 2])
            #expect(attempts.map { $0["status"]?.integerValue } == [500, nil])
            #expect(attempts.map { $0["error"]?.string } == [nil, "connection_refused"])
            #expect(answer.rows.first?["notification"]?["data"]?["charge"]?["id"]?.string == Template.declined)
            #expect(try await api.get("/v1/deliveries/\(id)?endpoint=other").status == 404)
            #expect(try await api.get("/v1/deliveries/ntf_0").status == 404)
        }
    }

    /// "/", "%", "?", "&", "#", "+", spaces and letters beyond ASCII: whatever PPRO or the shop calls a thing, it can be asked for.
    @Test func oddNamesAreFound() async throws {
        try await reading { api in
            let charge = try await api.get("/v1/charges/" + PercentEncoding.encode(Template.odd))
            #expect(charge.json?["id"]?.string == Template.odd)
            #expect(try await api.get("/v1/charges/" + PercentEncoding.encode(Template.oddReference)).body == charge.body)
            let event = try await api.get("/v1/events/" + PercentEncoding.encode(Template.oddEvent))
            #expect(event.json?["id"]?.string == Template.oddEvent)
            let body = try await api.get("/v1/events/" + PercentEncoding.encode(Template.oddEvent) + "/body")
            #expect(body.body == Template.bodies.last)
            for query in ["charge=" + PercentEncoding.encode(Template.odd), "reference=" + PercentEncoding.encode(Template.oddReference)] {
                #expect(try await api.get("/v1/charges?" + query).column("id") == [Template.odd])
            }
            #expect(try await api.get("/v1/deliveries?charge=" + PercentEncoding.encode(Template.odd)).rows.count == 1)
        }
    }

    @Test func statusTellsHowThingsStand() async throws {
        try await reading { api in
            let status = try #require(try await api.get("/v1/status").json)
            #expect(status["version"]?.string == Version.text)
            #expect(status["running"]?.bool == true)
            #expect(status["upSince"]?.string.flatMap { Instant(iso8601: $0) } != nil)
            #expect(status["lastReceivedAt"]?.string == Template.receivedAt(Template.eventCount).iso8601)
            #expect(status["oldestUnappliedAt"]?.isNull == true)
            #expect(status["events"]?["applied"]?.integerValue == 12)
            #expect(status["events"]?["failed"]?.integerValue == 2)
            #expect(status["events"]?["conflicts"]?.integerValue == 1)
            #expect(status["charges"]?["total"]?.integerValue == 4)
            #expect(status["charges"]?["anomalous"]?.integerValue == 1)
            #expect(status["agreements"]?.integerValue == 1)
            #expect(status["deliveries"]?["dead"]?.integerValue == 1)
            #expect(status["deliveries"]?["delivered"]?.integerValue == 11)
            let shop = status["endpoints"]?.elements.first
            #expect(shop?["name"]?.string == "shop" && shop?["configured"]?.bool == true && shop?["breaker"]?.string == "closed")
            #expect(status["database"]?["path"]?.string?.hasSuffix("/terima.db") == true)
            #expect(status["attention"]?.elements.count == 2)
        }
    }
}

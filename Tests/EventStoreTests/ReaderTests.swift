import PaymentCore
import Testing

@testable import EventStore

@Suite struct ReaderTests {
    /// Six events: 1 and 2 applied to charge a, 3 failed about a, 4 unreadable, 5 and 6 waiting (a and b).
    private func events() async throws -> Fixture {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether([
            Sample.event("1", charge: "a", at: 10), Sample.event("2", charge: "a", at: 20),
            Sample.event("3", charge: "a", type: "PAYMENT_CHARGE_VOID_FAILED", at: 30), Sample.unreadable("4", at: 40),
            Sample.event("5", charge: "a", at: 50), Sample.event("6", charge: "b", type: "PAYMENT_CHARGE_[X]?", at: 60),
        ])
        try fixture.store.write("test") { transaction throws in
            let charge = try transaction.insertCharge(Sample.charge("a"))
            try transaction.markApplied(1, outcome: .advanced, charge: charge, agreement: nil)
            try transaction.markApplied(2, outcome: .late, charge: charge, agreement: nil)
            try transaction.markFailed(3, error: "test: x")
            try transaction.advanceProgress(to: 3)
        }
        return fixture
    }

    @Test(arguments: [
        (EventFilter(), [6, 5, 4, 3, 2, 1]), (EventFilter(page: Page(limit: 2)), [6, 5]), (EventFilter(page: Page(limit: 2, after: 1)), [2, 3]),
        (EventFilter(page: Page(limit: 2, before: 5)), [4, 3]), (EventFilter(page: Page(limit: -1)), []), (EventFilter(states: [.received]), [6, 5]),
        (EventFilter(states: [.failed]), [4, 3]), (EventFilter(states: [.applied]), [2, 1]), (EventFilter(states: [.failed, .applied]), [4, 3, 2, 1]),
        (EventFilter(charge: "a"), [5, 3, 2, 1]), (EventFilter(charge: "b"), [6]), (EventFilter(charge: "c"), []), (EventFilter(agreement: "a"), []),
        (EventFilter(since: Sample.at(20), until: Sample.at(50)), [4, 3, 2]), (EventFilter(states: [.applied], charge: "a", since: Sample.at(20)), [2]),
    ])
    func filtersEvents(_ filter: EventFilter, seqs: [Int64]) async throws {
        #expect(try await events().reader().events(filter).map(\.seq) == seqs)
    }

    @Test(arguments: [
        ("*", [6, 5, 3, 2, 1]), ("PAYMENT_CHARGE_VOID*", [3]), ("*_SUCCEEDED", [5, 2, 1]), ("PAYMENT_CHARGE_[X]?", [6]), ("PAYMENT_CHARGE_X?", []),
        ("*[X]*", [6]), ("?AYMENT*", []), ("payment*", []),
    ])
    func patternsMeanTheSameAsInTheConfiguration(_ text: String, seqs: [Int64]) async throws {
        let pattern = try #require(EventPattern(text))
        let reader = try await events().reader()
        #expect(try reader.events(EventFilter(types: [pattern])).map(\.seq) == seqs)
        let types = try reader.events(EventFilter()).compactMap { row in row.type.map { (row.seq, $0) } }
        #expect(types.filter { pattern.matches($0.1) }.map(\.0) == seqs)
    }

    @Test func anEventIsFoundByItsIdWhateverItsSource() async throws {
        let fixture = try await events()
        _ = await fixture.store.append(Sample.event("1", source: "elsewhere", at: 70))
        for number in 0..<150 { _ = await fixture.store.append(Sample.event("filler \(number)")) }
        let reader = try fixture.reader()
        #expect(try reader.event(id: "2")?.row.seq == 2)
        #expect(try reader.event(id: Digest.sha256(Array("4".utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())?.row.seq == 4)
        _ = await fixture.store.append(Sample.event("alone", source: "rare"))
        for number in 150..<300 { _ = await fixture.store.append(Sample.event("filler \(number)")) }
        #expect(try reader.event(id: "alone")?.row.source == "rare")
        #expect(try reader.event(id: "nobody") == nil)
        #expect(try reader.event(seq: 4_000) == nil)
    }

    @Test func rowsAreTheContractsJSON() async throws {
        let fixture = try await events()
        let reader = try fixture.reader()
        let row = try #require(try reader.event(seq: 2)).row
        #expect(
            json(row.write) == """
                {"seq":2,"source":"https://www.ppro.com","id":"2","type":"PAYMENT_CHARGE_CAPTURE_SUCCEEDED","subject":"a","time":"\(Sample.at(20).iso8601)",\
                "receivedAt":"\(Sample.at(20).iso8601)","state":"applied","outcome":"late","repeats":0,"conflicts":0,"error":null}
                """)
        let unreadable = try #require(try reader.event(seq: 4)).row
        #expect(
            json(unreadable.write) == """
                {"seq":4,"source":"terima:body","id":"\(unreadable.id)","type":null,"subject":null,"time":null,"receivedAt":"\(Sample.at(40).iso8601)",\
                "state":"failed","outcome":null,"repeats":0,"conflicts":0,"error":"\(DecodingFailure.badTime)"}
                """)
    }

    @Test func detailsAreTheRowAndMore() async throws {
        let fixture = try Fixture()
        let body = #"{"specversion":"1.0","source":"s","id":"1","type":"T","time":"2026-06-03T11:23:47Z","data":{"a": 1.50}}"#
        _ = await fixture.store.append(Sample.event("1", body: body))
        _ = await fixture.store.append(Sample.event("1", body: "other", at: 7))
        let details = try #require(try fixture.reader().event(id: "1"))
        let document = try JSONDocument.parse(Array(json(details.write).utf8)).root
        #expect(document["seq"]?.integerValue == 1)
        #expect(document["conflicts"]?.integerValue == 1)
        #expect(document["data"].map { String(decoding: $0.bytes, as: UTF8.self) } == #"{"a": 1.50}"#)
        #expect(document["conflictingBodies"]?.elements.map { $0["receivedAt"]?.string } == [Sample.at(7).iso8601])
        #expect(document["conflictingBodies"]?.elements.first?["sha256"]?.string == Hex.encode(Digest.sha256(Array("other".utf8))))
    }

    @Test func chargesAreFilteredPagedAndShownWithTheirHistory() async throws {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...2, at: 5)
        try fixture.store.write("test") { transaction throws in
            var quiet = Charge(id: "b", status: .failed, createdAt: Sample.at(100), updatedAt: Sample.at(200))
            quiet.currency = "IDR"
            _ = try transaction.insertCharge(quiet)
        }
        let reader = try fixture.reader()
        func ids(_ filter: ChargeFilter) throws -> [String] { try reader.charges(filter).map(\.charge.id) }
        #expect(try ids(ChargeFilter()) == ["b", "a"])
        #expect(try ids(ChargeFilter(statuses: ["CAPTURED", "VOIDED"])) == ["a"])
        #expect(try ids(ChargeFilter(ids: ["b", "c"])) == ["b"])
        #expect(try ids(ChargeFilter(anomalous: true)) == ["a"])
        #expect(try ids(ChargeFilter(since: Sample.at(11))) == ["b"])
        #expect(try ids(ChargeFilter(until: Sample.at(100))) == ["a"])
        #expect(try ids(ChargeFilter(page: Page(after: 0))) == ["a", "b"])
        #expect(try reader.everyCharge(afterSeq: 0, limit: 1).map(\.charge.id) == ["a"])
        #expect(try reader.everyCharge(afterSeq: 1, limit: 10).map(\.charge.id) == ["b"])

        let details = try #require(try reader.charge(id: "a"))
        #expect(details.history.map(\.version) == [1, 2])
        let document = try JSONDocument.parse(Array(json(details.write).utf8)).root
        #expect(document["id"]?.string == "a")
        #expect(document["captured"]?.integerValue == 4)
        let change = try #require(document["history"]?.elements.last)
        #expect(
            String(decoding: change.bytes, as: UTF8.self) == """
                {"version":2,"type":"charge.captured","previousStatus":"CAPTURE_PENDING","status":"CAPTURED","at":"\(Sample.at(5).iso8601)","id":"ntf_a-2",\
                "cause":{"seq":2,"source":"https://www.ppro.com","id":"a-2","type":"PAYMENT_CHARGE_CAPTURE_SUCCEEDED"}}
                """)
        #expect(try reader.charge(id: "nobody") == nil)
    }

    @Test func agreementsAreListedAndShown() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.event("1"))
        try fixture.store.write("test") { transaction throws in
            let seq = try transaction.insertAgreement(Agreement(id: "agr_1", status: .active, createdAt: Sample.at(1), updatedAt: Sample.at(2)))
            try transaction.markApplied(1, outcome: .advanced, charge: nil, agreement: seq)
            try transaction.enqueue(
                Sample.notification("1", type: "agreement.active", subject: "agr_1"), about: .agreement(seq), cause: 1, endpoints: ["shop"],
                now: Sample.start)
            #expect(try transaction.eventsOfAgreement(seq).map(\.seq) == [1])
            #expect(try transaction.outcomesOfAgreement(seq) == [1: .advanced])
            #expect(try transaction.anomalousEvents(ofAgreement: seq).isEmpty)
        }
        let reader = try fixture.reader()
        #expect(try reader.agreements(AgreementFilter(statuses: ["ACTIVE"])).map(\.agreement.id) == ["agr_1"])
        #expect(try reader.agreement(id: "agr_1")?.history.map(\.type) == ["agreement.active"])
        #expect(try reader.everyAgreement(afterSeq: 0, limit: 5).map(\.seq) == [1])
        #expect(try reader.eventsOfAgreement(1).map(\.seq) == [1])
        #expect(try reader.events(EventFilter(agreement: "agr_1")).map(\.seq) == [1])
        #expect(try reader.deliveries(DeliveryFilter(agreement: "agr_1")).map(\.id) == ["ntf_1"])
    }

    @Test func deliveriesAreFilteredAndShownWithTheirAttempts() async throws {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...2, to: ["shop", "books"])
        try await fixture.tell("b", versions: 1...1, at: 50)
        try fixture.record(try fixture.due(at: 0)[0], at: 3, status: 404, next: .dead)
        try fixture.record(try fixture.due("books", at: 10)[0], at: 4, next: .delivered)
        let reader = try fixture.reader()
        func names(_ filter: DeliveryFilter) throws -> [String] {
            try reader.deliveries(filter).map { "\($0.endpoint) \($0.id.dropFirst(4)) \($0.state)" }
        }
        #expect(
            try names(DeliveryFilter()) == [
                "shop b-1 pending", "books a-2 pending", "shop a-2 pending", "books a-1 delivered", "shop a-1 dead",
            ])
        #expect(try names(DeliveryFilter(states: [.dead])) == ["shop a-1 dead"])
        #expect(try names(DeliveryFilter(states: [.dead, .delivered])) == ["books a-1 delivered", "shop a-1 dead"])
        #expect(try names(DeliveryFilter(charge: "a", endpoint: "books")) == ["books a-2 pending", "books a-1 delivered"])
        #expect(try names(DeliveryFilter(types: [#require(EventPattern("charge.cap*"))], page: Page(limit: 1))) == ["shop b-1 pending"])
        #expect(try names(DeliveryFilter(since: Sample.at(50))) == ["shop b-1 pending"])
        #expect(try names(DeliveryFilter(states: [.pending], until: Sample.at(50), page: Page(after: 0))) == ["shop a-2 pending", "books a-2 pending"])

        let details = try reader.delivery(id: "ntf_a-1")
        #expect(details.map(\.row.endpoint) == ["shop", "books"])
        #expect(
            json(details[0].write) == """
                {"id":"ntf_a-1","endpoint":"shop","type":"charge.captured","subject":"a","version":1,"state":"dead",\
                "attempts":[{"number":1,"at":"\(Sample.at(3).iso8601)","status":404,"error":null,"durationMs":7}],\
                "nextAttemptAt":null,"lastStatus":404,"lastError":null,"notification":{"id":"ntf_a-1"},"purged":false}
                """)
        #expect(
            json(details[1].row.write) == """
                {"id":"ntf_a-1","endpoint":"books","type":"charge.captured","subject":"a","version":1,"state":"delivered","attempts":1,\
                "nextAttemptAt":null,"lastStatus":200,"lastError":null}
                """)
        #expect(try reader.delivery(id: "nobody").isEmpty)
    }

    private func json(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return writer.text
    }
}

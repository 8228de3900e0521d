import PaymentCore
import Testing

@testable import PPRO

@Suite struct FindChargesTests {
    private func page(_ charges: [String], next: String? = nil) -> ScriptedAPI.Answer {
        .json(#"{"data":[\#(charges.joined(separator: ","))]"# + (next.map { #","nextPage":\#($0)"# } ?? "") + "}")
    }

    @Test func followsThePagesAndSortsNewestFirst() async throws {
        let charges = (1...5).map { Bodies.charge("charge_\($0)", createdAt: "2026-06-03T11:23:4\($0 % 4).000Z") }
        let script = [
            page([charges[0], charges[1]], next: #""p/2 &=""#), page([charges[1], charges[2]], next: "3"), page([charges[3], charges[4]], next: "null"),
        ]
        try await Rig.run(script) { rig async throws in
            let found = try await rig.client.charges(reference: "order 1/é&page=9")
            #expect(found.map(\.id) == ["charge_3", "charge_2", "charge_5", "charge_1", "charge_4"])
            let first = "/v1/payment-charges?merchantPaymentChargeReference=order%201%2F%C3%A9%26page%3D9"
            #expect(rig.api.received.map(\.target) == [first, first + "&page=p%2F2%20%26%3D", first + "&page=3"])
        }
    }

    @Test func nothingFound() async throws {
        for answer in [page([]), page([], next: #""""#), .status(404)] {
            try await Rig.run([answer]) { rig async throws in
                #expect(try await rig.client.charges(reference: "r") == [])
                #expect(rig.api.received.count == 1)
            }
        }
    }

    @Test func chargesOfAnotherReferenceAreNoneOfOurs() async throws {
        let tagged = { (id: String, reference: String) in
            Bodies.charge(id).replacing(#""currency":"#, with: #""merchantPaymentChargeReference":"\#(reference)","currency":"#)
        }
        try await Rig.run([page([tagged("charge_1", "r"), tagged("charge_2", "R"), Bodies.charge("charge_3")])]) { rig async throws in
            #expect(Set(try await rig.client.charges(reference: "r").map(\.id)) == ["charge_1", "charge_3"])
        }
    }

    /// Whoever asked knows it: it goes with the charge, and the answer's own bytes stay as they are.
    @Test func theReferenceIsKeptWhereTheAnswerLeavesItOut() async throws {
        try await Rig.run([page([Bodies.charge()]), .json(Bodies.charge())]) { rig async throws in
            let found = try #require(try await rig.client.charges(reference: "r").first)
            #expect(found.merchantPaymentChargeReference == "r")
            #expect(found.json == Array(Bodies.charge().utf8))
            let plain = try #require(try await rig.client.charge(id: "charge_1"))
            #expect(plain.merchantPaymentChargeReference == nil)
            let events = [found, plain].map { Event.reconciled($0, receivedAt: $0.updatedAt) }
            #expect(events[0].identity != events[1].identity)
            guard case .readable(let facts) = events[0].content else { throw Rig.NoFailure() }
            #expect(facts.merchantReference == "r")
        }
    }

    @Test func pagesThatGoInACircleAreAnError() async throws {
        try await Rig.run([page([Bodies.charge()], next: #""2""#)]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in try await client.charges(reference: "r") }
            #expect(error == AuthorityError(code: "unreadable", message: "find charges: the pages go round in a circle"))
            #expect(rig.api.received.count == 2)
        }
    }

    @Test func pagesWithoutEndAreAnError() async throws {
        let script = (1...30).map { page([Bodies.charge("charge_\($0)")], next: #""\#($0 + 1)""#) }
        try await Rig.run(script) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in try await client.charges(reference: "r") }
            #expect(error == AuthorityError(code: "unreadable", message: "find charges: more than 20 pages"))
            #expect(rig.api.received.count == 20)
        }
    }

    @Test(arguments: [
        "{}", #"{"data":{}}"#, #"{"data":[{}]}"#, #"{"data":[1]}"#, #"{"data":[],"nextPage":{}}"#, #"{"data":[],"nextPage":true}"#, "[]", "",
    ]) func whatIsNoPageIsAnError(_ body: String) async throws {
        try await Rig.run([.json(body)]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in try await client.charges(reference: "r") }
            #expect(error.code == "unreadable")
        }
    }

    @Test func anEmptyReferenceIsNotAskedFor() async throws {
        try await Rig.run([page([Bodies.charge()])]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in try await client.charges(reference: "") }
            #expect(error.code == "refused")
            #expect(rig.api.received.isEmpty)
        }
    }
}

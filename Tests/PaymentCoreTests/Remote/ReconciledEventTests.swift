import PaymentCore
import Testing

@Suite struct ReconciledEventTests {
    private static let received = Instant(milliseconds: 1_780_485_900_000)

    private func answer(_ more: String = "", status: String = "CAPTURED", updated: String = "2026-06-03T11:23:47.123Z") throws -> RemoteCharge {
        let text = """
            {"id":"charge_1","status":"\(status)","currency":"IDR","paymentMethod":"JENIUS_PAY","createdAt":"2026-06-03T11:20:00.000Z",\
            "updatedAt":"\(updated)","authorizations":[{"id":"authz_1","amount":1000000,"status":"AUTHORIZED"}],\
            "captures":[{"id":"capture_1","amount":{"value":1000000,"currency":"IDR"},"status":"CAPTURED"}],"surprise":{"a":[1]}\(more)}
            """
        return try RemoteCharge(try JSONDocument.parse(Array(text.utf8)).root)
    }

    private func facts(_ event: Event) throws -> EventFacts {
        guard case .readable(let facts) = event.content else { throw NotReadable() }
        return facts
    }

    private struct NotReadable: Error {}

    @Test func theSameAnswerIsTheSameEventAndAnotherIsNot() throws {
        let first = Event.reconciled(try answer(), receivedAt: Self.received)
        let again = Event.reconciled(try answer(), receivedAt: Self.received.advanced(byMilliseconds: 5_000))
        #expect(first.identity == again.identity)
        #expect(first.bodyHash == again.bodyHash)
        #expect(first.identity.source == "terima:reconcile")
        #expect(first.identity.id.hasPrefix("charge_1:1780485827123:"))
        #expect(first.identity.id.split(separator: ":").last?.count == 16)
        #expect(Event.reconciled(try answer(#","failure":{"failureCode":"X"}"#), receivedAt: Self.received).identity != first.identity)
        #expect(Event.reconciled(try answer(updated: "2026-06-03T11:23:47.124Z"), receivedAt: Self.received).identity != first.identity)
    }

    @Test func itsBodyIsAnEnvelopeAroundPPROsOwnBytes() throws {
        let charge = try answer()
        let event = Event.reconciled(charge, receivedAt: Self.received)
        let root = try JSONDocument.parse(event.body).root
        #expect(root["type"]?.string == "TERIMA_CHARGE_RECONCILED")
        #expect(root["subject"]?.string == "charge_1")
        #expect(root["time"]?.string == "2026-06-03T11:23:47.123Z")
        #expect(root["data"].map { Array($0.bytes) } == charge.json)
        #expect(root["data"]?["surprise"]?["a"]?.elements.count == 1)
    }

    @Test func itSaysTheWholeWord() throws {
        let facts = try facts(Event.reconciled(try answer(), receivedAt: Self.received))
        #expect(facts.kind == .charge)
        #expect(facts.subject == "charge_1")
        #expect(facts.status == "CAPTURED")
        #expect(facts.time.iso8601 == "2026-06-03T11:23:47.123Z")
        let snapshot = try #require(facts.snapshot)
        #expect(snapshot.currency == "IDR")
        #expect(snapshot.createdAt.iso8601 == "2026-06-03T11:20:00.000Z")
        #expect(
            snapshot.operations == [
                .init(fact: OperationFact(kind: .authorization, id: "authz_1", state: .succeeded), amount: 1_000_000),
                .init(fact: OperationFact(kind: .capture, id: "capture_1", state: .succeeded), amount: 1_000_000),
            ])
    }

    @Test func theStoredFormOfTheSnapshotLosesNothing() throws {
        var snapshot = ChargeSnapshot(createdAt: Instant(milliseconds: -5), observedAt: Instant(milliseconds: 7), currency: nil, operations: [])
        #expect(ChargeSnapshot(json: snapshot.json) == snapshot)
        snapshot.currency = "ID\"R"
        for kind in OperationFact.Kind.allCases {
            for state in OperationFact.State.allCases {
                snapshot.operations.append(.init(fact: OperationFact(kind: kind, id: kind == .void ? nil : "caf\u{E9}", state: state), amount: .max))
            }
        }
        #expect(ChargeSnapshot(json: snapshot.json) == snapshot)
        #expect(ChargeSnapshot(json: "{}") == nil)
        #expect(
            ChargeSnapshot(json: #"{"createdAt":1,"observedAt":1,"currency":null,"operations":[{"kind":"gift","id":null,"state":"pending","amount":1}]}"#)
                == nil)
    }

    @Test(arguments: ["terima:reconcile", "terima:body", "terima:"])
    func noWebhookMayClaimASourceOfOurs(source: String) {
        let body = Array(
            #"{"specversion":"1.0","source":"\#(source)","id":"1","type":"TERIMA_CHARGE_RECONCILED","time":"2026-06-03T11:23:47Z","data":{}}"#.utf8)
        let event = EventDecoder.decode(body: body, receivedAt: Self.received)
        #expect(event.content == .unreadable(.reservedSource))
        // It takes the place of no event of ours.
        #expect(event.identity == .ofBody(hash: Digest.sha256(body)))
    }

    @Test func theTypeAloneIsNoWordOfPPROs() throws {
        let body = Array(
            #"{"specversion":"1.0","source":"https://www.ppro.com","id":"1","type":"TERIMA_CHARGE_RECONCILED","time":"2026-06-03T11:23:47Z","data":{}}"#.utf8)
        let facts = try facts(EventDecoder.decode(body: body, receivedAt: Self.received))
        #expect(facts.snapshot == nil)
        #expect(facts.kind == .other)
    }
}

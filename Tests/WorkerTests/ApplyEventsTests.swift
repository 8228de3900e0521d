import EventStore
import PaymentCore
import Testing

@testable import Worker

@Suite struct ApplyEventsTests {
    @Test func aLifeInOrderBecomesAPaidCharge() async throws {
        let rig = try Rig()
        await rig.receive(Life.paid("charge_1"))
        try rig.run()

        let charge = try #require(try rig.store.charge("charge_1"))
        #expect(charge.version == 4)
        #expect(charge.charge.status == .captured)
        #expect(charge.charge.captured == 1_000_000)
        #expect(try rig.outcomes("charge_1") == [.advanced, .advanced, .advanced, .advanced])
        #expect(rig.sender.sent.map(\.version) == [1, 2, 3, 4])
        #expect(
            rig.sender.sent.map(\.type) == [
                "charge.authorization_processing", "charge.authentication_pending", "charge.capture_processing", "charge.captured",
            ])
    }

    @Test func everyOrderOfArrivalGivesTheSameChargeAndTheLastNotificationTellsIt() async throws {
        let ordered = try Rig()
        await ordered.receive(Life.paid("charge_1"))
        try ordered.run()
        let expected = try #require(try ordered.store.charge("charge_1")).charge

        for order in permutations(of: Life.paid("charge_1")) {
            let rig = try Rig()
            await rig.receive(order)
            try rig.run()
            #expect(try rig.store.charge("charge_1")?.charge == expected)
            let last = try #require(rig.sender.sent.last)
            #expect(last.document?["data"]?["charge"]?["status"]?.string == "CAPTURED")
            #expect(last.version == Int64(try #require(try rig.store.charge("charge_1")).version))
            #expect(rig.sender.sent.map(\.version) == (1...Int64(rig.sender.sent.count)).map { $0 })
        }
    }

    @Test func aBatchTellsTheSameStoryAsEventsThatComeAlone() async throws {
        let together = try Rig()
        await together.receive(Life.paid("charge_1"))
        try together.run()
        let alone = try Rig()
        for body in Life.paid("charge_1") {
            await alone.receive(body)
            try alone.run()
        }
        #expect(together.sender.sent.map(\.type) == alone.sender.sent.map(\.type))
        #expect(try together.store.charge("charge_1") == alone.store.charge("charge_1"))
    }

    @Test func repeatsChangeNothing() async throws {
        let rig = try Rig()
        await rig.receive(Life.paid("charge_1"))
        try rig.run()
        await rig.receive(Life.paid("charge_1") + Life.paid("charge_1"))
        try rig.run()
        #expect(rig.sender.sent.count == 4)
        #expect(try rig.store.charge("charge_1")?.version == 4)
    }

    @Test func whatSaysNothingNewIsUnchangedAndNotTold() async throws {
        let rig = try Rig()
        await rig.receive(Life.paid("charge_1"))
        let known = try JSONDocument.parse(Life.paid("charge_1")[3]).root
        let data = String(decoding: try #require(known["data"]).bytes, as: UTF8.self)
        // The same capture under another id: what PPRO's retry with a new id would look like.
        await rig.receive(Life.event("PAYMENT_CHARGE_CAPTURE_SUCCEEDED", id: "zzz", at: 3, subject: "charge_1", data: data))
        try rig.run()
        #expect(try rig.outcomes("charge_1").last == .unchanged)
        #expect(rig.sender.sent.count == 4)
        #expect(try rig.store.charge("charge_1")?.charge.captured == 1_000_000)
    }

    @Test func whatIsNotTheLastInTheLifeIsLate() async throws {
        let rig = try Rig()
        let life = Life.paid("charge_1")
        await rig.receive([life[3], life[0]])
        try rig.run()
        #expect(try rig.outcomes("charge_1") == [.advanced, .late])
        #expect(try rig.store.charge("charge_1")?.charge.status == .captured)
    }

    @Test func aMissingLinkRestatesAnAnomaly() async throws {
        let rig = try Rig()
        await rig.receive(Life.charge("charge_1", "CAPTURE_SUCCEEDED", at: 1, status: "CAPTURED", #""captureId":"capture_1""#))
        // From CAPTURED nothing leads to VOIDED …
        await rig.receive(Life.charge("charge_1", "VOID_SUCCEEDED", at: 3, status: "VOIDED", #""voidId":"void_1""#))
        try rig.run()
        #expect(try rig.outcomes("charge_1") == [.advanced, .anomaly])
        #expect(try rig.store.charge("charge_1")?.charge.anomalies == 1)

        // … but CAPTURED itself could not be reached once it turns out that the charge had failed before.
        await rig.receive(Life.charge("charge_1", "AUTHORIZATION_FAILED", at: 0, status: "FAILED", #""authorizationId":"authz_1""#))
        try rig.run()
        #expect(try rig.outcomes("charge_1") == [.anomaly, .anomaly, .late])
        #expect(try rig.store.charge("charge_1")?.charge.status == .failed)
    }

    @Test func anExplainedAnomalyBecomesLateAndTheOneThatHidItAnAnomaly() async throws {
        let rig = try Rig()
        await rig.receive(Life.charge("charge_1", "AUTHORIZATION_FAILED", at: 1, status: "FAILED", #""authorizationId":"authz_1""#))
        await rig.receive(Life.charge("charge_1", "CAPTURE_SUCCEEDED", at: 3, status: "CAPTURED", #""captureId":"capture_1""#))
        try rig.run()
        #expect(try rig.outcomes("charge_1") == [.advanced, .anomaly])

        await rig.receive(Life.charge("charge_1", "CAPTURE_SUCCEEDED", at: 0, status: "CAPTURED", #""captureId":"capture_1""#))
        try rig.run()
        #expect(try rig.outcomes("charge_1") == [.anomaly, .late, .late])
        #expect(try rig.store.charge("charge_1")?.charge.status == .captured)
        #expect(try rig.store.charge("charge_1")?.charge.anomalies == 1)
    }

    @Test func agreementsFoldLikewise() async throws {
        let rig = try Rig(endpoints: [Rig.endpoint(patterns: ["agreement.*"])])
        await rig.receive([
            Life.agreement("agr_1", "ACTIVE", at: 2, status: "ACTIVE"), Life.agreement("agr_1", "CREATED", at: 0, status: "INITIALIZING"),
            Life.agreement("agr_1", "REVOKED_BY_CONSUMER", at: 5, status: "REVOKED_BY_CONSUMER"),
        ])
        try rig.run()
        #expect(rig.sender.sent.last?.type == "agreement.revoked_by_consumer")
        #expect(rig.sender.sent.last?.subject == "agr_1")
        #expect(rig.sender.sent.map(\.version) == (1...Int64(rig.sender.sent.count)).map { $0 })
    }

    @Test func whatHasNoStateIsPassedOnAsItCame() async throws {
        let rig = try Rig()
        await rig.receive(Life.report("report_1"))
        try rig.run()
        let sent = try #require(rig.sender.sent.first)
        #expect(sent.type == "ppro.REPORT_PROCESSED")
        #expect(sent.subject == "report_1")
        let data = try #require(sent.document?["data"])
        #expect(String(decoding: data.bytes, as: UTF8.self) == #"{"reportId":"report_1","status":"PROCESSED", "rows":[1,2]}"#)
        #expect(try rig.event("event-report_1").outcome == Outcome.passedOn.rawValue)
    }

    @Test func withoutEndpointsEventsAreFoldedAndTheHistoryIsKept() async throws {
        let rig = try Rig(endpoints: [])
        await rig.receive(Life.paid("charge_1"))
        try rig.run()
        #expect(try rig.store.charge("charge_1")?.charge.status == .captured)
        #expect(try rig.history("charge_1").map(\.version) == [1, 2, 3, 4])
        #expect(rig.sender.sent.isEmpty)
    }

    @Test func endpointsGetWhatTheirPatternsChoose() async throws {
        let rig = try Rig(endpoints: [Rig.endpoint("money", patterns: ["charge.captured"]), Rig.endpoint("reports", patterns: ["ppro.*"])])
        await rig.receive(Life.paid("charge_1") + [Life.report("report_1")])
        try rig.run()
        let byHost = Dictionary(grouping: rig.sender.sent) { $0.request.url }.mapValues { $0.map(\.type) }
        #expect(byHost == ["http://money.test/hook": ["charge.captured"], "http://reports.test/hook": ["ppro.REPORT_PROCESSED"]])
    }

    @Test func canonicallyEqualIdsAreTwoCharges() async throws {
        let rig = try Rig()
        let composed = "charge_\u{E9}"
        let decomposed = "charge_e\u{301}"
        await rig.receive([
            Life.event("PAYMENT_CHARGE_CREATED", id: "1", at: 0, subject: composed, data: #"{"paymentChargeStatus":"CAPTURED"}"#),
            Life.event("PAYMENT_CHARGE_CREATED", id: "2", at: 0, subject: decomposed, data: #"{"paymentChargeStatus":"FAILED"}"#),
        ])
        try rig.run()
        #expect(try rig.store.charge(composed)?.charge.status == .captured)
        #expect(try rig.store.charge(decomposed)?.charge.status == .failed)
    }

    @Test func aFullBatchSaysThatMoreMayWait() async throws {
        let rig = try Rig()
        await rig.receive(Life.paid("charge_1"))
        let now = Instant(milliseconds: rig.now)
        #expect(try rig.apply.step(now: now, limit: 3).hasMore)
        #expect(try rig.store.charge("charge_1")?.version == 3)
        #expect(try !rig.apply.step(now: now, limit: 3).hasMore)
        #expect(try rig.store.charge("charge_1")?.version == 4)
    }

    @Test(arguments: [(waiting: 3, applied: 4), (waiting: 4, applied: 2)])
    func aStepEndsWhenAnswersWait(waiting: Int, applied: Int) async throws {
        let rig = try Rig()
        await rig.receive(Life.paid("charge_1"))
        let now = Instant(milliseconds: rig.now)
        let step = try rig.store.write("test") { transaction in
            // They cannot be stored before this transaction is over.
            for body in Life.paid("charge_2").prefix(waiting) { rig.store.append(EventDecoder.decode(body: body, receivedAt: now)) { _ in } }
            return try rig.apply.step(in: transaction, now: now, limit: 256, atLeast: 2)
        }
        #expect(step.hasMore == (applied < 4))
        #expect(step.reached == now)
        #expect(try rig.store.charge("charge_1")?.version == applied)
        try rig.applyAll()
        #expect(try rig.store.charge("charge_1")?.version == 4)
    }

    @Test func anUnreadableEventHoldsUpNothing() async throws {
        let rig = try Rig()
        let life = Life.paid("charge_1")
        await rig.receive([life[0], Array("not json".utf8), life[1]])
        try rig.run()
        #expect(try rig.store.charge("charge_1")?.version == 2)
        #expect(try rig.failed().count == 1)
    }

    @Test func anEventThatTheSchemaRefusesFailsAloneWithItsReason() async throws {
        let rig = try Rig()
        try rig.refuse(insertInto: "charge", when: "NEW.id = 'charge_bad'")
        await rig.receive([Life.paid("charge_1")[0], Life.paid("charge_bad")[0], Life.paid("charge_1")[1], Life.paid("charge_2")[0]])
        try rig.run()
        #expect(try rig.store.charge("charge_1")?.version == 2)
        #expect(try rig.store.charge("charge_2")?.version == 1)
        #expect(try rig.failed().map(\.error) == ["constraint: the event cannot be written as it is"])

        // One command away from a replay.
        try rig.refuseNoMore(insertInto: "charge")
        try rig.replay(failed: true)
        try rig.run()
        #expect(try rig.store.charge("charge_bad")?.version == 1)
        #expect(try rig.failed().isEmpty)
    }

    @Test func theStoresOwnTroubleUndoesTheStepAndMarksNothing() async throws {
        let rig = try Rig()
        await rig.receive(Life.paid("charge_1")[0])
        rig.store.close()
        #expect(throws: StoreError.self) { try rig.apply.step(now: Instant(milliseconds: rig.now)) }
        let again = try Rig(in: rig.directory)
        #expect(try again.events().map(\.state) == ["received"])
        try again.run()
        #expect(try again.store.charge("charge_1")?.version == 1)
    }

    private func permutations(of list: [[UInt8]]) -> [[[UInt8]]] {
        guard list.count > 1 else { return [list] }
        return list.indices.flatMap { index in
            var rest = list
            let first = rest.remove(at: index)
            return permutations(of: rest).map { [first] + $0 }
        }
    }
}

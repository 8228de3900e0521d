import EventStore
import PaymentCore
import Testing

@testable import Worker

/// Reconciliation, step by step, against a PPRO that the test scripts.
@Suite struct ReconcileTests {
    private static let hour: Int64 = 3_600_000

    /// PPRO's word on a charge.
    private func word(
        _ id: String, _ status: String, at seconds: Int64, captured: Int64 = 0, reference: String? = nil, failure: String? = nil
    ) throws -> RemoteCharge {
        let (created, updated) = (Instant(milliseconds: Life.start).iso8601, Instant(milliseconds: Life.start + seconds * 1000).iso8601)
        let captures = captured > 0 ? #"{"id":"capture_1","amount":\#(captured),"status":"CAPTURED"}"# : ""
        let text = """
            {"id":"\(id)","status":"\(status)","currency":"IDR","paymentMethod":"JENIUS_PAY","createdAt":"\(created)","updatedAt":"\(updated)",\
            "merchantPaymentChargeReference":"\(reference ?? "pay-\(id)")","captures":[\(captures)],\
            "authorizations":[{"id":"authz_1","amount":1000000,"status":"\(captured > 0 ? "AUTHORIZED" : "PENDING")"}]}
            """
        return try RemoteCharge(try JSONDocument.parse(Array(text.utf8)).root)
    }

    private func pending(_ id: String) -> [[UInt8]] { Array(Life.paid(id).prefix(2)) }

    @Test func aPendingChargeWhoseWebhooksWereLostIsFoundAndTold() async throws {
        let rig = try ReconcileRig()
        await rig.rig.receive(pending("charge_1"))
        try rig.rig.run()
        rig.ppro.put(try word("charge_1", "CAPTURED", at: 60, captured: 1_000_000))

        // Within the method's limit nobody asks.
        #expect(try await rig.step(at: 5 * Self.hour) == Instant(milliseconds: Life.start + 6 * Self.hour))
        #expect(rig.ppro.asked.isEmpty)
        try await rig.settle(at: 6 * Self.hour)
        #expect(rig.ppro.asked == ["charge_1"])

        let charge = try #require(try rig.rig.store.charge("charge_1")).charge
        #expect(charge.status == .captured)
        #expect(charge.captured == 1_000_000)
        #expect(rig.rig.sender.sent.last?.type == "charge.captured")
        #expect(rig.rig.sender.sent.last?.document?["data"]?["cause"]?["source"]?.string == "terima:reconcile")
        #expect(try rig.rig.outcomes("charge_1") == [.advanced, .advanced, .advanced])
        // Nothing is left to ask.
        #expect(try await rig.step(at: 100 * Self.hour) == nil)
        #expect(rig.ppro.asked.count == 1)
    }

    @Test func aContradictionIsAskedAboutAtOnceAndExplained() async throws {
        let rig = try ReconcileRig()
        await rig.rig.receive(Life.paid("charge_1") + [Life.charge("charge_1", "VOID_SUCCEEDED", at: 9, status: "VOIDED", #""voidId":"void_1""#)])
        try rig.rig.run()
        #expect(try rig.rig.store.charge("charge_1")?.charge.anomalies == 1)
        rig.ppro.put(try word("charge_1", "CAPTURED", at: 9, captured: 1_000_000))
        try await rig.settle(at: 10_000)
        let charge = try #require(try rig.rig.store.charge("charge_1")).charge
        #expect(charge.status == .captured)
        #expect(charge.voided == 0)
        #expect(charge.anomalies == 0)
        #expect(try rig.rig.outcomes("charge_1").suffix(2) == [.anomaly, .advanced])
        try await rig.settle(at: 20_000)
        #expect(rig.ppro.asked.count == 1)
    }

    @Test func anAnswerThatIsOlderThanTheContradictionIsNotAskedForAgain() async throws {
        let rig = try ReconcileRig()
        await rig.rig.receive(Life.paid("charge_1") + [Life.charge("charge_1", "VOID_SUCCEEDED", at: 9, status: "VOIDED", #""voidId":"void_1""#)])
        try rig.rig.run()
        rig.ppro.put(try word("charge_1", "CAPTURED", at: 5, captured: 1_000_000))
        try await rig.settle(at: 10_000)
        try await rig.settle(at: 48 * Self.hour)
        #expect(rig.ppro.asked.count == 1)
        #expect(try rig.rig.store.charge("charge_1")?.charge.anomalies == 1)
    }

    @Test func aChargeThatStaysOverdueIsAskedAboutLaterEachTime() async throws {
        let rig = try ReconcileRig()
        await rig.rig.receive(pending("charge_1"))
        try rig.rig.run()
        rig.ppro.put(try word("charge_1", "AUTHENTICATION_PENDING", at: 1))
        var times: [Int64] = []
        var now = 6 * Self.hour
        for _ in 0..<5 {
            try await rig.settle(at: now)
            times.append(now)
            let next = try #require(try await rig.step(at: now))
            now = next.milliseconds - Life.start
        }
        #expect(zip(times, times.dropFirst()).map { ($1 - $0) / 60_000 } == [1, 2, 4, 8])
        #expect(rig.ppro.asked.count == 5)
        // The same answer again is no second event.
        #expect(try rig.rig.events().filter { $0.id.hasPrefix("charge_1:") }.count == 1)
    }

    @Test func silenceOfPPROIsNotHeldAgainstTheCharge() async throws {
        let rig = try ReconcileRig()
        await rig.rig.receive(pending("charge_1") + pending("charge_2"))
        try rig.rig.run()
        rig.ppro.fail(AuthorityError(code: "unreachable", message: "refused"))
        try await rig.settle(at: 6 * Self.hour)
        #expect(rig.reconcile.trouble == "unreachable")
        let asked = rig.ppro.asked.count
        // While it pauses nobody is asked, not even for a name.
        rig.reconcile.add(name: "pay-x", for: 0)
        _ = try await rig.step(at: 6 * Self.hour + 1)
        #expect(rig.ppro.asked.count == asked)

        rig.ppro.fail(nil)
        for id in ["charge_1", "charge_2"] { rig.ppro.put(try word(id, "CAPTURED", at: 60, captured: 1_000_000)) }
        try await rig.settle(at: 6 * Self.hour + 10_000)
        #expect(rig.reconcile.trouble == nil)
        #expect(try rig.rig.store.charge("charge_1")?.charge.status == .captured)
        #expect(try rig.rig.store.charge("charge_2")?.charge.status == .captured)
    }

    @Test func aPauseLastsAsLongAsPPROSays() async throws {
        let rig = try ReconcileRig()
        rig.ppro.fail(AuthorityError(code: "rate_limited", retryAfterMilliseconds: 7_000, message: "slow down"))
        rig.reconcile.add(name: "pay-1", for: 0)
        try await rig.settle(at: 0)
        #expect(try await rig.step(at: 1) == Instant(milliseconds: Life.start + 7_000))
    }

    @Test func aChargeThatPPRODoesNotKnowIsLeftAlone() async throws {
        let rig = try ReconcileRig()
        await rig.rig.receive([Life.paid("charge_1")[3], Life.charge("charge_1", "VOID_SUCCEEDED", at: 9, status: "VOIDED", #""voidId":"void_1""#)])
        try rig.rig.run()
        try await rig.settle(at: 10_000)
        try await rig.settle(at: 48 * Self.hour)
        #expect(rig.ppro.asked == ["charge_1"])
        #expect(rig.reconcile.counts == ReconcilerStatus.Counts(asked: 1, answered: 1, news: 0, failed: 0))
    }

    @Test func aNameNobodyHasHeardOfBringsItsChargesIn() async throws {
        let rig = try ReconcileRig()
        rig.ppro.put(try word("charge_1", "AUTHENTICATION_PENDING", at: 1, reference: "pay-7"))
        rig.reconcile.add(name: "pay-7", for: 0)
        rig.reconcile.add(name: "pay-7", for: 0)
        rig.reconcile.add(name: "charge_1", for: 0)
        try await rig.settle(at: 2_000)
        #expect(Set(rig.ppro.asked) == ["pay-7", "charge_1"])
        #expect(rig.ppro.asked.count == 2)
        #expect(try rig.rig.store.charge("charge_1")?.charge.status == .authenticationPending)
        #expect(try rig.rig.events().count == 1)
    }

    /// Pages that wait for names and charges in doubt leave room to each other.
    @Test func neitherKindOfQuestionKeepsTheOtherFromBeingAsked() async throws {
        let rig = try ReconcileRig(concurrency: 2)
        for number in 1...3 { await rig.rig.receive(pending("charge_\(number)")) }
        try rig.rig.run()
        rig.ppro.hold()
        for number in 0..<100 { rig.reconcile.add(name: "pay-\(number)", for: 0) }
        _ = try await rig.step(at: 6 * Self.hour)
        #expect(rig.reconcile.inFlight == 2)
        rig.ppro.release()
        try await rig.settle(at: 6 * Self.hour)
        // One of each kind went first.
        #expect(Set(rig.ppro.asked.prefix(2)) == ["pay-0", "charge_1"])
        #expect(rig.ppro.asked.count == 103)
        #expect(try #require(rig.ppro.asked.firstIndex(of: "charge_3")) < 20)
    }

    @Test func whoLeavesIsNotAskedFor() async throws {
        let rig = try ReconcileRig()
        rig.reconcile.add(name: "pay-1", for: 1)
        rig.reconcile.add(name: "pay-1", for: 2)
        rig.reconcile.add(name: "pay-2", for: 3)
        rig.reconcile.withdraw(1)
        rig.reconcile.withdraw(3)
        // Who was never let in takes nobody's question away.
        rig.reconcile.withdraw(4)
        try await rig.settle(at: 0)
        #expect(rig.ppro.asked == ["pay-1"])
    }

    @Test func aResultThatCannotBeTakenUpIsTakenUpLater() async throws {
        let rig = try ReconcileRig()
        await rig.rig.receive(pending("charge_1") + pending("charge_2"))
        try rig.rig.run()
        for id in ["charge_1", "charge_2"] { rig.ppro.put(try word(id, "AUTHENTICATION_PENDING", at: 1)) }
        try await rig.settle(at: 6 * Self.hour)
        // Known already, so that the next answers are settled in a transaction of their own; and that one fails.
        try rig.rig.refuse(update: "ask_reason", of: "charge")
        await #expect(throws: StoreError.self) { try await rig.settle(at: 7 * Self.hour) }
        #expect(rig.reconcile.inFlight > 0)
        let answered = rig.reconcile.counts.answered
        try rig.rig.refuseNoMore(update: "ask_reason", of: "charge")
        try await rig.settle(at: 7 * Self.hour)
        #expect(rig.reconcile.inFlight == 0)
        #expect(rig.reconcile.counts.answered == answered + 2)
    }

    @Test func newsThatChangeNothingEndTheDoubt() async throws {
        let rig = try ReconcileRig()
        await rig.rig.receive(Life.paid("charge_1"))
        try rig.rig.run()
        rig.ppro.put(try word("charge_1", "CAPTURED", at: 3, captured: 1_000_000))
        try rig.rig.store.write("test") {
            _ = try $0.doubtCharges(changedSince: Instant(milliseconds: 0), afterSeq: 0, through: 1, now: Instant(milliseconds: Life.start + 10_000))
        }
        for hours in Int64(1)...30 { try await rig.settle(at: hours * Self.hour) }
        #expect(rig.ppro.asked == ["charge_1"])
        #expect(rig.reconcile.counts.news == 1)
    }

    @Test func nothingNewAboutAnOpenChargeIsASignOfLife() async throws {
        let rig = try ReconcileRig()
        rig.ppro.put(try word("charge_1", "AUTHENTICATION_PENDING", at: 1))
        rig.reconcile.add(name: "charge_1", for: 0)
        try await rig.settle(at: 0)
        #expect(rig.reconcile.lastQuietAnswerAt == nil)
        rig.reconcile.add(name: "charge_1", for: 0)
        try await rig.settle(at: 5_000)
        #expect(rig.reconcile.lastQuietAnswerAt == Instant(milliseconds: Life.start + 5_000))
        #expect(rig.reconcile.counts == ReconcilerStatus.Counts(asked: 2, answered: 2, withNews: 1, news: 1, failed: 0))
    }

    @Test func aPauseEndsWhenTheClockWasSetBack() async throws {
        let rig = try ReconcileRig()
        rig.ppro.fail(AuthorityError(code: "unreachable", message: "refused"))
        rig.reconcile.add(name: "pay-1", for: 0)
        try await rig.settle(at: 3_600_000)
        #expect(rig.reconcile.trouble == "unreachable")
        rig.reconcile.add(name: "pay-2", for: 0)
        _ = try await rig.step(at: 0)
        #expect(rig.reconcile.inFlight == 1)
        try await rig.settle(at: 0)
    }

    @Test func troubleEndsWhenNobodyIsLeftToFindOut() async throws {
        let rig = try ReconcileRig()
        rig.ppro.fail(AuthorityError(code: "unreachable", message: "refused"))
        rig.reconcile.add(name: "pay-1", for: 0)
        try await rig.settle(at: 0)
        #expect(rig.reconcile.trouble == "unreachable")
        let again = try #require(try await rig.step(at: 1))
        _ = try await rig.step(at: again.milliseconds - Life.start)
        #expect(rig.reconcile.trouble == nil)
        // An operator's question finds out, too.
        rig.reconcile.add(name: "pay-2", for: 0)
        try await rig.settle(at: 10_000)
        #expect(rig.reconcile.trouble == "unreachable")
        rig.reconcile.count(.success([]), now: Instant(milliseconds: Life.start))
        #expect(rig.reconcile.trouble == nil)
        #expect(rig.reconcile.counts == ReconcilerStatus.Counts(asked: 3, answered: 1, news: 0, failed: 2))
    }

    @Test func atMostSoManyQuestionsAreUnderWay() async throws {
        let rig = try ReconcileRig(concurrency: 2)
        rig.ppro.hold()
        for number in 0..<5 { rig.reconcile.add(name: "pay-\(number)", for: 0) }
        _ = try await rig.step(at: 0)
        _ = try await rig.step(at: 0)
        #expect(rig.reconcile.inFlight == 2)
        rig.ppro.release()
        try await rig.settle(at: 0)
        #expect(rig.ppro.asked.count == 5)
        #expect(rig.reconcile.inFlight == 0)
    }

    /// Any part of the webhooks of many charges is lost; every charge ends where PPRO says, and the shop hears of it.
    @Test func whateverIsLostEveryChargeEndsWherePPROSays() async throws {
        let rig = try ReconcileRig(concurrency: 8)
        var lost = 0
        for mask in 0..<16 {
            let id = "charge_\(mask)"
            let kept = Life.paid(id).enumerated().filter { mask & (1 << $0.offset) != 0 }.map(\.element)
            lost += 4 - kept.count
            await rig.rig.receive(kept)
            rig.ppro.put(try word(id, "CAPTURED", at: 3, captured: 1_000_000))
        }
        #expect(lost == 32)
        try rig.rig.run()
        // The one of which nothing arrived at all is asked for by somebody.
        rig.reconcile.add(name: "charge_0", for: 0)
        for hours in Int64(1)...8 { try await rig.settle(at: hours * Self.hour) }
        for mask in 0..<16 {
            let charge = try #require(try rig.rig.store.charge("charge_\(mask)"), "\(mask)").charge
            #expect(charge.status == .captured, "\(mask)")
            #expect(charge.captured == 1_000_000, "\(mask)")
            #expect(rig.rig.sender.sent.last { $0.document?["subject"]?.string == "charge_\(mask)" }?.type == "charge.captured", "\(mask)")
        }
    }
}

import EventStore
import PaymentCore
import Testing

@testable import Worker

@Suite struct ReplayTests {
    @Test func whatIsStillUnreadableFailsAgainWithItsReason() async throws {
        let rig = try Rig()
        await rig.receive(Array(#"{"specversion":"1.0"}"#.utf8))
        try rig.run()
        let before = try rig.failed()
        #expect(try rig.replay(failed: true) == ReplayCount(events: 1, deliveries: 0))
        try rig.run()
        #expect(try rig.failed().map(\.error) == before.map(\.error))
        #expect(rig.sender.sent.isEmpty)
    }

    /// An older terima could not read this event; the present one can.
    @Test func whatCanBeReadNowIsAppliedUnderItsRealIdentity() async throws {
        let rig = try Rig()
        let life = Life.paid("charge_1")
        await rig.store.receiveUnreadable(life[0], at: rig.now)
        await rig.receive(life[1])
        try rig.run()
        #expect(try rig.store.charge("charge_1")?.version == 1)

        #expect(try rig.replay(failed: true) == ReplayCount(events: 1, deliveries: 0))
        try rig.run()
        #expect(try rig.failed().isEmpty)
        #expect(try rig.outcomes("charge_1").contains(.late))
        // A repeat of it is a repeat now.
        guard case .duplicate = await rig.receive(life[0]) else {
            Issue.record("the identity was not restated")
            return
        }
    }

    @Test func whatCameAgainMeanwhileIsNotAppliedTwice() async throws {
        let rig = try Rig()
        let body = Life.charge("charge_1", "REFUND_SUCCEEDED", at: 4, status: "REFUNDED", #""refundId":"refund_1""#)
        await rig.store.receiveUnreadable(body, at: rig.now)
        await rig.receive(body)
        try rig.run()
        let charge = try rig.store.charge("charge_1")
        let told = rig.sender.sent.count

        try rig.replay(failed: true)
        try rig.run()
        #expect(try rig.store.charge("charge_1") == charge)
        #expect(rig.sender.sent.count == told)
        #expect(try rig.failed().isEmpty)
    }

    @Test func aDeadNotificationGoesOutAgainUnderItsId() async throws {
        let rig = try Rig(settings: WorkerSettings(schedule: RetrySchedule(delays: [1000])))
        rig.sender.answer(status: 500)
        await rig.receive(Life.paid("charge_1")[0])
        try rig.run()
        #expect(try rig.deliveries().map(\.state) == ["dead"])
        let first = try #require(rig.sender.sent.first)

        rig.sender.forgetSent()
        #expect(try rig.replay(failed: true) == ReplayCount(events: 0, deliveries: 1))
        // The schedule begins anew: one more failure does not kill it.
        rig.sender.answer { _, number in .answered(status: number == 1 ? 500 : 200, retryAfter: nil) }
        try rig.run()
        #expect(rig.sender.sent.map(\.id) == [first.id, first.id])
        #expect(rig.sender.sent.allSatisfy { $0.request.body == first.request.body })
        #expect(try rig.deliveries().map(\.state) == ["delivered"])
        #expect(try rig.deliveries().map(\.attempts) == [4])
    }
}

extension EventStore {
    /// Stores a body as a terima that cannot read it would.
    func receiveUnreadable(_ body: [UInt8], at milliseconds: Int64) async {
        let hash = Digest.sha256(body)
        let event = Event(
            identity: .ofBody(hash: hash), body: body, bodyHash: hash, receivedAt: Instant(milliseconds: milliseconds),
            content: .unreadable(.unsupportedSpecversion))
        _ = await withCheckedContinuation { continuation in append(event) { continuation.resume(returning: $0) } }
    }
}

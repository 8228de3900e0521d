import EventStore
import PaymentCore
import TestSupport
import Testing

@testable import Worker

/// Reconciliation's promise under everything that can go wrong between PPRO and us at once.
@Suite struct LostWebhooksTests {
    private static let hour: Int64 = 3_600_000

    /// Payments move on at random, at times twice in a millisecond; their webhooks are lost, late, doubled, in time or not true; PPRO's API fails at times, and
    /// is asked in between. In the end the charges are reconciled, then the last webhooks come: every charge is where PPRO says, and nothing is in doubt.
    @Test(arguments: 1...8 as ClosedRange<UInt64>) func everyChargeEndsWherePPROSays(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let rig = try ReconcileRig(concurrency: 4)
        var payments = (0..<20).map { TruePayment(id: "charge_\($0)", amount: 1_000 + $0, at: 0) }
        var late: [[UInt8]] = []
        var (lost, now) = (0, Int64(0))
        var number = 0
        for _ in 0..<300 {
            if !random.once(in: 4) {
                now += random.one(of: 40_000)
                number = Int(random.one(of: Int64(payments.count)))
            }
            guard !payments[number].isFinal else { continue }
            if let body = payments[number].move(at: now, &random) {
                rig.rig.now = Life.start + now
                switch random.one(of: 10) {
                case 0..<4: lost += 1
                case 4..<6: late.append(body)
                case 6: await rig.rig.receive([body, body])
                default: await rig.rig.receive(body)
                }
            }
            rig.ppro.put(try payments[number].word)
            if random.once(in: 12) { await rig.rig.receive(payments[number].untruth()) }
            if random.once(in: 5), !late.isEmpty { await rig.rig.receive(late.remove(at: Int(random.one(of: Int64(late.count))))) }
            try rig.rig.applyAll()
            rig.ppro.fail(random.once(in: 4) ? AuthorityError(code: "server_error", message: "500") : nil)
            if random.once(in: 3) {
                if random.once(in: 2) { rig.reconcile.add(name: payments[number].id, for: 0) }
                try await rig.settle(at: now)
            }
        }
        #expect(lost > 30)
        try await reconcileAll(rig, payments.map(\.id), at: &now)
        for body in late.shuffled(using: &random) { await rig.rig.receive(body) }
        try rig.rig.run()

        for payment in payments {
            let charge = try #require(try rig.rig.store.charge(payment.id)).charge
            #expect(charge.status.word == payment.status, "\(payment.id)")
            let sums = [charge.authorized, charge.captured, charge.refunded, charge.voided]
            #expect(sums == [payment.sum(.authorization), payment.sum(.capture), payment.sum(.refund), payment.sum(.void)], "\(payment.id)")
            let told = rig.rig.sender.sent.last { $0.document?["subject"]?.string == payment.id }
            #expect(told?.document?["data"]?["charge"]?["status"]?.string == payment.status, "\(payment.id)")
        }
        #expect(try rig.rig.standingDoubts() == [])
    }

    /// As an operator would after such a day: everything that changed, and by name what was never heard of.
    private func reconcileAll(_ rig: ReconcileRig, _ names: [String], at now: inout Int64) async throws {
        rig.ppro.fail(nil)
        now += Self.hour
        let moment = Instant(milliseconds: Life.start + now)
        try rig.rig.store.write("test") {
            _ = try $0.doubtCharges(changedSince: Instant(milliseconds: 0), afterSeq: 0, through: try $0.newestCharge(), now: moment)
        }
        for name in names where try rig.rig.store.charge(name) == nil { rig.reconcile.add(name: name, for: 0) }
        for _ in 0..<12 {
            try await rig.settle(at: now)
            now += Self.hour
        }
    }
}

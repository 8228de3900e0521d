import PaymentCore
import Testing

@testable import EventStore

/// Alarms about money as the database knows them. Times are milliseconds since `Sample.start`.
@Suite struct AlarmTests {
    private static let rules = AlarmRules(untold: 1_000, silence: 2_000, overdue: 500, endpoints: ["shop", "books"])

    /// A paid charge of IDR 1,000.00 with nothing wrong.
    private func paid(_ id: String) -> Charge {
        var charge = Charge(id: id, status: .captured, createdAt: Sample.at(0), updatedAt: Sample.at(10))
        charge.currency = "IDR"
        (charge.amount, charge.authorized, charge.captured) = (100_000, 100_000, 100_000)
        charge.merchantPaymentChargeReference = "ref-\(id)"
        return charge
    }

    private func pending(_ id: String, amount: Int64? = 5, currency: String? = "IDR") -> Charge {
        var charge = Charge(id: id, status: .authenticationPending, createdAt: Sample.at(0), updatedAt: Sample.at(10))
        charge.paymentMethod = "JENIUS_PAY"
        (charge.amount, charge.currency) = (amount, currency)
        return charge
    }

    private func insert(_ charges: Charge..., into fixture: Fixture) throws {
        try fixture.store.write("test") { transaction throws in
            for charge in charges { _ = try transaction.insertCharge(charge) }
        }
    }

    private func update(_ charge: Charge, in fixture: Fixture) throws {
        try fixture.store.write("test") { transaction throws in
            let stored = try #require(try transaction.charge(id: charge.id))
            try transaction.updateCharge(stored.seq, charge, version: stored.version + 1)
        }
    }

    private func alarms(_ kind: AlarmKind, _ fixture: Fixture, at now: Int64, limit: Int = 100) throws -> [AlarmRow] {
        try fixture.reader().alarms(kind, Self.rules, now: Sample.at(now), limit: limit)
    }

    private func names(_ kind: AlarmKind, _ fixture: Fixture, at now: Int64) throws -> [String] { try alarms(kind, fixture, at: now).map(\.charge) }

    private func sums(_ kind: AlarmKind, _ fixture: Fixture, at now: Int64) throws -> [AlarmSum] {
        try fixture.reader().alarmSums(kind, Self.rules, now: Sample.at(now))
    }

    @Test func aPaidChargeThatTheShopDoesNotKnowIsAlarmingAfterAWhile() async throws {
        let fixture = try Fixture()
        try insert(paid("a"), into: fixture)
        try await fixture.tell("a", versions: 1...2, to: ["books", "shop"], at: 100)
        #expect(try alarms(.untold, fixture, at: 1_099).isEmpty)
        let alarm = try #require(try alarms(.untold, fixture, at: 1_100).first)
        #expect(alarm.charge == "a" && alarm.merchantReference == "ref-a" && alarm.status == "CAPTURED")
        #expect(alarm.amount == 100_000 && alarm.currency == "IDR" && alarm.since == Sample.at(100))
        #expect(alarm.endpoints?.split(separator: ",").sorted() == ["books", "shop"])
        #expect(!alarm.isDead)
        #expect(try sums(.untold, fixture, at: 1_100) == [AlarmSum(kind: .untold, currency: "IDR", charges: 1, amount: 100_000, since: Sample.at(100))])

        // Given up for one endpoint, told to the other.
        try fixture.record(try #require(try fixture.due("shop", at: 200).first), at: 200, status: 410, next: .dead)
        try fixture.record(try #require(try fixture.due("books", at: 200).first), at: 200, next: .delivered)
        try fixture.record(try #require(try fixture.due("books", at: 300).first), at: 300, next: .delivered)
        let dead = try #require(try alarms(.untold, fixture, at: 1_100).first)
        #expect(dead.endpoints == "shop" && dead.isDead)

        // Who was told of a later state knows enough.
        try fixture.record(try #require(try fixture.due("shop", at: 300).first), at: 300, next: .delivered)
        #expect(try alarms(.untold, fixture, at: 100_000).isEmpty)
        #expect(try sums(.untold, fixture, at: 100_000).isEmpty)
    }

    /// A later change that is only detail, a delivery made again, an endpoint that is gone: the shop was told what it must know.
    @Test func whoWasToldThatItIsPaidIsTold() async throws {
        let fixture = try Fixture()
        try insert(paid("a"), paid("b"), paid("c"), into: fixture)
        try await fixture.tell("a", versions: 1...2)
        try fixture.record(try #require(try fixture.due(at: 10).first), at: 10, next: .delivered)
        #expect(try names(.untold, fixture, at: 100_000) == [])

        try await fixture.tell("b", versions: 1...1, to: ["books"])
        try fixture.record(try #require(try fixture.due("books", at: 10).first), at: 10, next: .delivered)
        #expect(try await fixture.replay(ReplaySelection(endpoint: "books", delivered: true), at: 20).deliveries == 1)
        #expect(try names(.untold, fixture, at: 100_000) == [])

        try await fixture.tell("c", versions: 1...1, to: ["warehouse"])
        #expect(try names(.untold, fixture, at: 100_000) == [])
    }

    @Test func onlyPaidChargesAreUntold() async throws {
        let fixture = try Fixture()
        var refunded = paid("refunded")
        refunded.status = .refunded
        try insert(refunded, paid("paid"), into: fixture)
        try await fixture.tell("refunded", versions: 1...1)
        #expect(try names(.untold, fixture, at: 100_000) == [])
        // No endpoint wanted to hear of it.
        try await fixture.tell("paid", versions: 1...1, to: [])
        #expect(try names(.untold, fixture, at: 100_000) == [])
    }

    @Test func aChargeIsOverdueSomeTimeAfterItsLimit() throws {
        let fixture = try Fixture()
        let sixHours: Int64 = 6 * 3_600_000
        try insert(pending("a"), pending("b", amount: nil, currency: nil), pending("c", amount: .max), pending("d", amount: .max), into: fixture)
        #expect(try names(.overdue, fixture, at: sixHours + 499) == [])
        #expect(try names(.overdue, fixture, at: sixHours + 500) == ["a", "b", "c", "d"])
        let found = try sums(.overdue, fixture, at: sixHours + 500)
        #expect(
            found == [
                AlarmSum(kind: .overdue, currency: nil, charges: 1, amount: 0, since: Sample.at(sixHours)),
                // More than 64 bits hold: no error, and no smaller number.
                AlarmSum(kind: .overdue, currency: "IDR", charges: 3, amount: .max, since: Sample.at(sixHours)),
            ])
        #expect(try alarms(.overdue, fixture, at: sixHours + 500, limit: 2).count == 2)
        try update(paid("a"), in: fixture)
        #expect(try names(.overdue, fixture, at: sixHours + 500) == ["b", "c", "d"])
    }

    @Test func openChargesAreThoseThatShouldMoveOn() throws {
        let fixture = try Fixture()
        try insert(pending("a", amount: 7), pending("b", amount: 8), pending("c", amount: 9, currency: "USD"), paid("d"), into: fixture)
        // What is overdue has an alarm of its own.
        #expect(try fixture.reader().openCharges(now: Sample.at(6 * 3_600_000)) == [])
        let open = try fixture.reader().openCharges(now: Sample.at(0))
        #expect(open.map(\.currency) == ["IDR", "USD"])
        #expect(open.map(\.charges) == [2, 1])
        #expect(open.map(\.amount) == [15, 9])
    }

    @Test func whatTheEventsTellIsWrittenWithTheChargeAndKeepsItsTime() throws {
        let fixture = try Fixture()
        var charge = paid("a")
        charge.captured = 40_000
        charge.anomalies = 1
        try insert(charge, paid("b"), into: fixture)
        #expect(try alarms(.capturedDiffers, fixture, at: 509) == [])
        #expect(try alarms(.capturedDiffers, fixture, at: 510).map(\.amount) == [60_000])
        #expect(try alarms(.anomaly, fixture, at: 20).map(\.amount) == [40_000])
        // More was captured meanwhile, and the anomaly was explained.
        charge.captured = 90_000
        charge.anomalies = 0
        charge.updatedAt = Sample.at(5_000)
        try update(charge, in: fixture)
        let alarm = try #require(try alarms(.capturedDiffers, fixture, at: 6_000).first)
        #expect(alarm.amount == 10_000 && alarm.since == Sample.at(10))
        #expect(try names(.anomaly, fixture, at: 6_000) == [])
        charge.captured = 100_000
        try update(charge, in: fixture)
        #expect(try names(.capturedDiffers, fixture, at: 6_000) == [])
        #expect(try fixture.integer("SELECT count(*) FROM alarm") == 0)
    }

    @Test func theFieldsOfAnAlarmSurviveTheDatabase() throws {
        let fixture = try Fixture()
        var charge = paid("a")
        charge.chargedBack = 30
        charge.refundedAfterChargeback = 20
        try insert(charge, into: fixture)
        #expect(try fixture.store.write("test") { try $0.charge(id: "a")?.charge } == charge)
        #expect(try alarms(.refundedAfterChargeback, fixture, at: 20).map(\.amount) == [20])
    }

    @Test func anAcknowledgedAlarmIsSilentUntilThereIsAnother() throws {
        let fixture = try Fixture()
        var charge = paid("a")
        charge.captured = 40_000
        charge.anomalies = 1
        try insert(charge, pending("b"), into: fixture)
        func acknowledge(_ id: String, _ kinds: [AlarmKind] = AlarmKind.allCases, at now: Int64 = 20) throws -> [AlarmKind] {
            try fixture.store.write("test") {
                try $0.acknowledgeAlarms(of: id, kinds: kinds, rules: Self.rules, now: Sample.at(now), who: "ayu", reason: "out of stock")
            }.map(\.kind)
        }
        #expect(try acknowledge("nobody") == [])
        #expect(try acknowledge("b") == [])  // not overdue yet
        #expect(try acknowledge("a", [.capturedDiffers], at: 600) == [.capturedDiffers])
        #expect(try names(.capturedDiffers, fixture, at: 600) == [])
        #expect(try sums(.capturedDiffers, fixture, at: 600) == [])
        #expect(try names(.anomaly, fixture, at: 20) == ["a"])
        #expect(try acknowledge("a") == [.anomaly])
        #expect(try fixture.integer("SELECT count(*) FROM acknowledgement WHERE who = 'ayu' AND reason = 'out of stock'") == 2)
        charge.captured = 50_000
        try update(charge, in: fixture)
        #expect(try names(.capturedDiffers, fixture, at: 600) == ["a"])
        #expect(try acknowledge("a", at: 630) == [.capturedDiffers, .anomaly])
        #expect(try names(.capturedDiffers, fixture, at: 630) == [])
        // A further anomaly is another alarm, whatever the sum.
        charge.anomalies = 2
        try update(charge, in: fixture)
        #expect(try names(.anomaly, fixture, at: 630) == ["a"])
        #expect(try names(.capturedDiffers, fixture, at: 630) == [])
        let sevenHours: Int64 = 7 * 3_600_000
        #expect(try acknowledge("b", at: sevenHours) == [.overdue])
        #expect(try names(.overdue, fixture, at: sevenHours) == [])
    }

    @Test func anUntoldAlarmCanBeAcknowledged() async throws {
        let fixture = try Fixture()
        try insert(paid("a"), paid("b"), into: fixture)
        try await fixture.tell("a", versions: 1...1)
        try await fixture.tell("b", versions: 1...1)
        let silenced = try fixture.store.write("test") {
            try $0.acknowledgeAlarms(of: "b", kinds: [.untold], rules: Self.rules, now: Sample.at(5_000), who: "ayu", reason: nil)
        }
        #expect(silenced.map(\.charge) == ["b"])
        #expect(try names(.untold, fixture, at: 5_000) == ["a"])
    }
}

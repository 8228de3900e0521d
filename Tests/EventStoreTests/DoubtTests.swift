import PaymentCore
import Testing

@testable import EventStore

/// When PPRO is asked about which charge.
@Suite struct DoubtTests {
    private static let sixHours: Int64 = 6 * 3_600_000

    private struct Row: Equatable {
        var askAt: Instant?
        var reason: AskReason?
        var asked: Int
        var overdueAt: Instant?
    }

    private func row(_ id: String, _ fixture: Fixture) throws -> Row {
        try fixture.store.write("test") { transaction throws in
            let statement = try transaction.connection.prepare("SELECT ask_at, ask_reason, asked, overdue_at FROM charge WHERE id = '\(id)'")
            return try #require(
                try transaction.connection.rows(of: statement, []) { row throws(StoreError) in
                    Row(askAt: try row.timeOrNil(), reason: try row.wordOrNil(), asked: try row.count(), overdueAt: try row.timeOrNil())
                }.first)
        }
    }

    /// Made at 0, changed at 10 ms.
    private func charge(_ id: String, _ status: ChargeStatus, anomalies: Int = 0) -> Charge {
        var charge = Sample.charge(id, status: status)
        charge.paymentMethod = "JENIUS_PAY"
        charge.anomalies = anomalies
        return charge
    }

    private func insert(_ charges: [Charge], after news: ChargeNews = .webhook, _ fixture: Fixture) throws {
        try fixture.store.write("test") { transaction throws in
            for charge in charges { _ = try transaction.insertCharge(charge, after: news) }
        }
    }

    private func claim(_ fixture: Fixture, at now: Int64, limit: Int = 10) throws -> [DueAsk] {
        try fixture.store.write("test") { try $0.claimAsks(limit: limit, now: Sample.at(now)) }
    }

    @Test func aChargeIsInDoubtWhenItIsOverdueOrContradicted() throws {
        let fixture = try Fixture()
        try insert([charge("pending", .authenticationPending), charge("processing", .captureProcessing), charge("paid", .captured)], fixture)
        try insert([charge("odd", .captured, anomalies: 1)], after: .anomaly, fixture)
        #expect(try row("pending", fixture) == Row(askAt: Sample.at(Self.sixHours), reason: .pending, asked: 0, overdueAt: Sample.at(Self.sixHours)))
        #expect(try row("processing", fixture) == Row(askAt: Sample.at(600_010), reason: .processing, asked: 0, overdueAt: Sample.at(600_010)))
        #expect(try row("paid", fixture) == Row(askAt: nil, reason: nil, asked: 0, overdueAt: nil))
        #expect(try row("odd", fixture) == Row(askAt: Sample.at(10), reason: .anomaly, asked: 0, overdueAt: nil))
        #expect(try fixture.store.write("test") { try $0.nextAsk() } == Sample.at(10))

        #expect(try claim(fixture, at: 9).isEmpty)
        #expect(try claim(fixture, at: 10) == [DueAsk(charge: "odd", reason: .anomaly)])
        #expect(Set(try claim(fixture, at: Self.sixHours).map(\.charge)) == ["odd", "processing", "pending"])
    }

    @Test func eachQuestionPutsTheNextOneOffTwiceAsLongUpToSixHours() throws {
        let fixture = try Fixture()
        try insert([charge("pending", .authenticationPending)], fixture)
        var now = Self.sixHours
        var waits: [Int64] = []
        for _ in 0..<12 {
            #expect(try claim(fixture, at: now).count == 1)
            let next = try #require(try row("pending", fixture).askAt)
            waits.append(next.milliseconds(since: Sample.at(now)) / 60_000)
            #expect(try claim(fixture, at: now).isEmpty)
            now = next.milliseconds(since: Sample.start)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360])
    }

    @Test func anAnswerWithoutNewsEndsTheDoubtUnlessTheChargeIsOverdue() throws {
        let fixture = try Fixture()
        try insert([charge("odd", .captured, anomalies: 1)], after: .anomaly, fixture)
        try insert([charge("open", .authenticationPending, anomalies: 1)], after: .anomaly, fixture)
        _ = try claim(fixture, at: 20)
        try fixture.store.write("test") { transaction throws in
            try transaction.settleAsk(charge: "odd")
            try transaction.settleAsk(charge: "open")
            try transaction.settleAsk(charge: "nobody")
        }
        #expect(try row("odd", fixture) == Row(askAt: nil, reason: nil, asked: 1, overdueAt: nil))
        #expect(try row("open", fixture).askAt == Sample.at(Self.sixHours))
        #expect(try row("open", fixture).reason == .pending)
        // Overdue all the same: put off as the question put it.
        _ = try claim(fixture, at: Self.sixHours)
        try fixture.store.write("test") { try $0.settleAsk(charge: "open") }
        #expect(try row("open", fixture).askAt == Sample.at(Self.sixHours + 120_000))
    }

    @Test func aContradictionThatComesWhileTheQuestionIsOutIsNotSettledWithIt() throws {
        let fixture = try Fixture()
        try insert([charge("odd", .captured, anomalies: 1)], after: .anomaly, fixture)
        _ = try claim(fixture, at: 20)
        try fixture.store.write("test") { transaction throws in
            try transaction.updateCharge(1, charge("odd", .captured, anomalies: 2), version: 2, after: .anomaly)
            try transaction.settleAsk(charge: "odd")
        }
        #expect(try row("odd", fixture) == Row(askAt: Sample.at(10), reason: .anomaly, asked: 0, overdueAt: nil))
    }

    @Test func anAppliedAnswerDoesNotAskAgainSoon() throws {
        let fixture = try Fixture()
        try insert([charge("open", .authenticationPending)], fixture)
        _ = try claim(fixture, at: Self.sixHours)
        try fixture.store.write("test") { try $0.updateCharge(1, charge("open", .authorizationAsync), version: 2, after: .answer) }
        #expect(
            try row("open", fixture)
                == Row(askAt: Sample.at(Self.sixHours + 60_000), reason: .pending, asked: 1, overdueAt: Sample.at(Self.sixHours)))
        // A webhook begins anew.
        try fixture.store.write("test") { try $0.updateCharge(1, charge("open", .authenticationPending), version: 3) }
        #expect(try row("open", fixture).asked == 0)
        try fixture.store.write("test") { try $0.updateCharge(1, charge("open", .captured), version: 4, after: .answer) }
        #expect(try row("open", fixture) == Row(askAt: nil, reason: nil, asked: 0, overdueAt: nil))
    }

    /// What a webhook says is no answer of PPRO's API to what was doubted.
    @Test(arguments: [AskReason.anomaly, .downtime, .operator]) func aDoubtStandsUntilItIsAnswered(reason: AskReason) throws {
        let fixture = try Fixture()
        try insert([charge("a", .authenticationPending, anomalies: 1)], after: reason == .anomaly ? .anomaly : .webhook, fixture)
        if reason != .anomaly { _ = try fixture.store.write("test") { try $0.doubtOpenCharges(reason, after: .start, limit: 1, now: Sample.at(10)) } }
        func update(_ status: ChargeStatus, version: Int, after news: ChargeNews = .webhook) throws {
            try fixture.store.write("test") { try $0.updateCharge(1, charge("a", status, anomalies: 1), version: version, after: news) }
        }
        try update(.authorizationAsync, version: 2)
        #expect(try row("a", fixture) == Row(askAt: Sample.at(10), reason: reason, asked: 0, overdueAt: Sample.at(Self.sixHours)))
        // Asked in vain and put off; a charge that needs nothing else is still in doubt.
        #expect(try claim(fixture, at: 10).map(\.reason) == [reason])
        try update(.captured, version: 3)
        #expect(try row("a", fixture) == Row(askAt: Sample.at(60_010), reason: reason, asked: 1, overdueAt: nil))
        try update(.captured, version: 4, after: .answer)
        #expect(try row("a", fixture) == Row(askAt: nil, reason: nil, asked: 1, overdueAt: nil))
    }

    @Test func anAnswerToAnOlderQuestionDoesNotEndANewerDoubt() throws {
        let fixture = try Fixture()
        try insert([charge("a", .captured)], fixture)
        try fixture.store.write("test") { transaction throws in
            try transaction.updateCharge(1, charge("a", .captured, anomalies: 1), version: 2, after: .anomaly)
            try transaction.updateCharge(1, charge("a", .refunded, anomalies: 1), version: 3, after: .answer)
        }
        #expect(try row("a", fixture) == Row(askAt: Sample.at(10), reason: .anomaly, asked: 0, overdueAt: nil))
    }

    @Test func aContradictionThatWasExplainedAlreadyIsNone() throws {
        let fixture = try Fixture()
        try insert([charge("a", .captured)], fixture)
        try fixture.store.write("test") { try $0.updateCharge(1, charge("a", .captured), version: 2, after: .anomaly) }
        #expect(try row("a", fixture).askAt == nil)
    }

    @Test func aQuestionThatNobodyAnsweredDoesNotCount() throws {
        let fixture = try Fixture()
        try insert([charge("open", .authenticationPending)], fixture)
        _ = try claim(fixture, at: Self.sixHours)
        try fixture.store.write("test") { try $0.postponeAsk(charge: "open", until: Sample.at(Self.sixHours + 5)) }
        #expect(try row("open", fixture).asked == 0)
        #expect(try row("open", fixture).askAt == Sample.at(Self.sixHours + 5))
    }

    @Test func openChargesAreDoubtedInBatchesUntilAllAreDue() throws {
        let fixture = try Fixture()
        let open = [ChargeStatus.authenticationPending, .capturePending, .refundProcessing, .voidProcessing, ChargeStatus("ON_HOLD")]
        try insert(open.enumerated().map { charge("open\($0)", $1) } + [charge("paid", .captured), charge("over", .voided)], fixture)
        var place = OpenPlace.start
        var counts: [Int] = []
        while let next = try fixture.store.write("test", { try $0.doubtOpenCharges(.downtime, after: place, limit: 2, now: Sample.at(50)) }) {
            place = next
            counts.append(place.passed)
            // What is asked about meanwhile is not asked about again.
            _ = try claim(fixture, at: 50)
        }
        #expect(counts == [2, 4, 5])
        #expect(try claim(fixture, at: 50).isEmpty)
        #expect(try row("open4", fixture).reason == .downtime)
        #expect(try row("open4", fixture).asked == 1)
        _ = try fixture.store.write("test") { try $0.doubtOpenCharges(.operator, after: .start, limit: 10, now: Sample.at(60)) }
        #expect(try claim(fixture, at: 60).map(\.reason) == [.operator, .operator, .operator, .operator, .operator])
        #expect(try row("paid", fixture).askAt == nil)
    }

    @Test func chargesAreDoubtedByWhenTheyChanged() throws {
        let fixture = try Fixture()
        var old = charge("old", .captured)
        old.updatedAt = Sample.at(-1)
        try insert([old, charge("new", .captured), charge("open", .authenticationPending)], fixture)
        let count = try fixture.store.write("test") { transaction throws in
            try transaction.doubtCharges(changedSince: Sample.at(10), afterSeq: 0, through: try transaction.newestCharge(), now: Sample.at(50))
        }
        #expect(count == 2)
        #expect(Set(try claim(fixture, at: 50).map(\.charge)) == ["new", "open"])
    }

    @Test func theCommitTellsWhenToAskFirst() throws {
        let fixture = try Fixture()
        let asks = CommitAsks()
        fixture.store.onCommit { asks.add($0.ask) }
        try insert([charge("open", .authenticationPending), charge("processing", .captureProcessing)], fixture)
        try insert([charge("paid", .captured)], fixture)
        #expect(asks.all == [Sample.at(600_010), nil])
    }

    @Test func theNextProcessKnowsWhenTheLastOneLived() throws {
        let fixture = try Fixture()
        #expect(fixture.store.lastAlive == nil)
        let before = try Fixture.lockTime(fixture.directory.database)
        fixture.store.markAlive()
        fixture.store.close()
        let after = try Fixture.lockTime(fixture.directory.database)
        #expect(after >= before)
        let next = try Fixture(in: fixture.directory)
        #expect(next.store.lastAlive?.milliseconds == after)
        // Who only takes the lock, as a command does, has not lived.
        next.store.close()
        #expect(try Fixture(in: fixture.directory).store.lastAlive?.milliseconds == after)
    }
}

import PaymentCore
import Synchronization
import Testing

@testable import EventStore

@Suite struct InboxTests {
    @Test func waitingEventsComeInOrderOfArrivalAndNoFurtherThanTheLimit() async throws {
        let fixture = try Fixture()
        let events = (1...5).map { Sample.event("\($0)", at: Int64(10 - $0)) }
        _ = await fixture.store.appendTogether(events)
        try fixture.store.write("test") { transaction throws in
            let waiting = try transaction.waitingEvents(limit: 3)
            #expect(waiting.map(\.seq) == [1, 2, 3])
            #expect(waiting.first?.identity == events.first?.identity)
            #expect(waiting.first?.receivedAt == Sample.at(9))
            #expect(
                waiting.first.map { Event.Content.readable($0.facts ?? .init(type: "", subject: nil, time: Sample.start, kind: .other)) } == events[0].content)
            #expect(waiting.allSatisfy { !$0.again })
        }
    }

    @Test func appliedEventsLeaveTheQueueAndAreTheCharges() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether((1...3).map { Sample.event("\($0)") })
        try fixture.store.write("test") { transaction throws in
            let charge = try transaction.insertCharge(Sample.charge("charge_1"))
            try transaction.markApplied(1, outcome: .advanced, charge: charge, agreement: nil)
            try transaction.markApplied(2, outcome: .anomaly, charge: charge, agreement: nil)
            try transaction.markFailed(3, error: "no_use: for a test")
            try transaction.advanceProgress(to: 3)
            #expect(try transaction.waitingEvents(limit: 10).isEmpty)
            #expect(try transaction.eventsOfCharge(charge).map(\.seq) == [1, 2])
            #expect(try transaction.eventsOfCharge(charge).map(\.id) == ["1", "2"])
            #expect(try transaction.anomalousEvents(ofCharge: charge) == [2])
            try transaction.setOutcome(2, .late)
            try transaction.setOutcome(3, .late)
            #expect(try transaction.outcomesOfCharge(charge) == [1: .advanced, 2: .late])
        }
        #expect(try fixture.reader().event(seq: 3)?.row.error == "no_use: for a test")
        #expect(try fixture.reader().event(seq: 3)?.row.outcome == nil)
    }

    /// What failed on arrival never waits, and progress passes it without being told.
    @Test func progressStepsOverWhatFailedOnArrival() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether([
            Sample.unreadable("1"), Sample.event("2"), Sample.unreadable("3"), Sample.unreadable("4"), Sample.event("5"), Sample.unreadable("6"),
        ])
        try fixture.store.write("test") { transaction throws in
            #expect(try transaction.waitingEvents(limit: 1).map(\.seq) == [2])
            try transaction.markFailed(2, error: "x")
            try transaction.advanceProgress(to: 2)
            #expect(try transaction.appliedThrough() == 4)
            try transaction.markFailed(5, error: "x")
            try transaction.advanceProgress(to: 5)
            #expect(try transaction.appliedThrough() == 6)
            try transaction.advanceProgress(to: 1)
            #expect(try transaction.appliedThrough() == 6)
        }
        _ = await fixture.store.append(Sample.unreadable("7"))
        try fixture.store.write("test") { transaction throws in
            #expect(try transaction.waitingEvents(limit: 1).isEmpty)
            #expect(try transaction.appliedThrough() == 7)
        }
    }

    @Test func replayedEventsComeFirst() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether([Sample.event("1"), Sample.unreadable("2"), Sample.event("3")])
        try fixture.store.write("test") { transaction throws in
            try transaction.markFailed(1, error: "x")
            try transaction.advanceProgress(to: 2)
        }
        #expect(try await fixture.replay(ReplaySelection(failed: true)) == ReplayCount(events: 2, deliveries: 0))
        try fixture.store.write("test") { transaction throws in
            let waiting = try transaction.waitingEvents(limit: 10)
            #expect(waiting.map(\.seq) == [1, 2, 3])
            #expect(waiting.map(\.again) == [true, true, false])
            #expect(waiting.map { $0.facts == nil } == [false, true, false])
            #expect(try transaction.waitingEvents(limit: 2).map(\.seq) == [1, 2])
            #expect(try transaction.payload(of: 2) == Array("2".utf8))
        }
    }

    @Test func restatingGivesAnEventItsFactsAndItsIdentity() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.unreadable("once unreadable"))
        _ = try await fixture.replay(ReplaySelection(failed: true))
        let real = Sample.event("real", body: "once unreadable")
        guard case .readable(let facts) = real.content else { return }
        try fixture.store.write("test") { transaction throws in
            #expect(try transaction.restate(1, identity: real.identity, facts: facts) == nil)
            #expect(try transaction.waitingEvents(limit: 1).first?.facts == facts)
            // Saying the same again is no conflict with oneself.
            #expect(try transaction.restate(1, identity: real.identity, facts: facts) == nil)
        }
        #expect(await fixture.store.append(real) == .duplicate(seq: 1))
        #expect(await fixture.store.append(Sample.unreadable("once unreadable")) == .accepted(seq: 2))
        fixture.store.close()
        let again = try Fixture(in: fixture.directory)
        #expect(await again.store.append(real) == .duplicate(seq: 1))
    }

    @Test func restatingToAnIdentityThatIsTakenWritesNothing() async throws {
        let fixture = try Fixture()
        let real = Sample.event("real")
        _ = await fixture.store.appendTogether([Sample.unreadable("x"), real])
        _ = try await fixture.replay(ReplaySelection(failed: true))
        guard case .readable(let facts) = real.content else { return }
        try fixture.store.write("test") { transaction throws in
            #expect(try transaction.restate(1, identity: real.identity, facts: facts) == 2)
            #expect(try transaction.waitingEvents(limit: 1).first?.facts == nil)
        }
    }

    /// An identity written by a transaction that was rolled back is free.
    @Test func theDuplicateCheckForgetsWhatWasRolledBack() async throws {
        struct Stop: Error {}
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.unreadable("x"))
        _ = try await fixture.replay(ReplaySelection(failed: true))
        let real = Sample.event("real")
        guard case .readable(let facts) = real.content else { return }
        #expect(throws: Stop.self) {
            try fixture.store.write("test") { transaction throws in
                _ = try transaction.restate(1, identity: real.identity, facts: facts)
                throw Stop()
            }
        }
        #expect(await fixture.store.append(real) == .accepted(seq: 2))
    }

    @Test func observersHearWhatACommitChanged() async throws {
        let fixture = try Fixture()
        let heard = Mutex<[Commit]>([])
        fixture.store.onCommit { commit in heard.withLock { $0.append(commit) } }
        _ = await fixture.store.append(Sample.event("1"))
        _ = await fixture.store.append(Sample.event("1"))
        try fixture.store.write("test") { transaction throws in
            _ = try transaction.insertCharge(Sample.charge("charge_1"))
            try transaction.enqueue(Sample.notification("1", version: nil), about: .event, cause: 1, endpoints: ["shop"], now: Sample.start)
        }
        try fixture.store.write("test") { _ = try $0.waitingEvents(limit: 1) }
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try fixture.store.write("test") { transaction throws in
                _ = try transaction.insertCharge(Sample.charge("charge_2"))
                throw Stop()
            }
        }
        fixture.store.close()
        #expect(
            heard.withLock { $0 } == [
                Commit(events: true, lastSeq: 1),
                Commit(charges: [ChangedCharge(id: "charge_1", reference: "reference")], deliveries: true, notifications: true, lastSeq: 1),
            ])
    }
}

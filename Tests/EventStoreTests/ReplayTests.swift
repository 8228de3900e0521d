import PaymentCore
import Synchronization
import Testing

@testable import EventStore

@Suite struct ReplayTests {
    /// Charges a and b with two dead deliveries each, c delivered, and two failed events about a and d.
    private func fixture() async throws -> Fixture {
        let fixture = try Fixture()
        for (charge, time) in [("a", 0), ("b", 100), ("c", 200)] as [(String, Int64)] {
            try await fixture.tell(charge, versions: 1...2, at: time)
            for _ in 1...2 {
                let due = try #require(try fixture.due(at: 1_000).first)
                try fixture.record(due, at: 1_000, status: charge == "c" ? 200 : 500, next: charge == "c" ? .delivered : .dead)
            }
        }
        _ = await fixture.store.appendTogether([
            Sample.event("failed-a", charge: "a", at: 300), Sample.event("failed-d", charge: "d", type: "PAYMENT_CHARGE_VOID_FAILED", at: 400),
        ])
        try fixture.store.write("test") { transaction throws in
            for event in try transaction.waitingEvents(limit: 100) where event.identity.id.hasPrefix("failed") {
                try transaction.markFailed(event.seq, error: "test: x")
            }
            try transaction.advanceProgress(to: 100)
        }
        return fixture
    }

    @Test(arguments: [
        (ReplaySelection(), 0, 0), (ReplaySelection(delivered: true, limit: 5), 0, 0), (ReplaySelection(failed: true), 2, 4),
        (ReplaySelection(failed: true, delivered: true), 2, 6), (ReplaySelection(event: "failed-a"), 1, 0), (ReplaySelection(event: "a-1"), 0, 1),
        (ReplaySelection(event: "nobody"), 0, 0), (ReplaySelection(charge: "a"), 1, 2), (ReplaySelection(charge: "c"), 0, 0),
        (ReplaySelection(charge: "c", delivered: true), 0, 2), (ReplaySelection(charge: "d"), 1, 0), (ReplaySelection(endpoint: "shop"), 0, 4),
        (ReplaySelection(endpoint: "books"), 0, 0), (ReplaySelection(type: EventPattern("charge.*")), 0, 4),
        (ReplaySelection(type: EventPattern("*VOID*")), 1, 0), (ReplaySelection(since: Sample.at(100)), 2, 2),
        (ReplaySelection(since: Sample.at(100), until: Sample.at(400)), 1, 2), (ReplaySelection(failed: true, limit: 3), 2, 1),
        (ReplaySelection(failed: true, limit: 1), 1, 0),
    ])
    func selects(_ selection: ReplaySelection, events: Int, deliveries: Int) async throws {
        let fixture = try await fixture()
        let expected = ReplayCount(events: events, deliveries: deliveries)
        #expect(try await fixture.replay(selection, dryRun: true) == expected)
        #expect(try fixture.integer("SELECT count(*) FROM replay") == 0)
        #expect(try fixture.integer("SELECT count(*) FROM event WHERE again = 1") == 0)
        #expect(try fixture.integer("SELECT count(*) FROM delivery WHERE state = 'pending'") == 0)

        #expect(try await fixture.replay(selection) == expected)
        #expect(try fixture.integer("SELECT count(*) FROM event WHERE again = 1") == Int64(events))
        #expect(try fixture.integer("SELECT count(*) FROM delivery WHERE state = 'pending'") == Int64(deliveries))
        #expect(try fixture.integer("SELECT count(*) FROM replay WHERE who = 'tester' AND reason = 'because'") == (selection.isEmpty ? 0 : 1))
        // Repeating finds only what is left over by a limit or was not asked for.
        if selection.limit == nil { #expect(try await fixture.replay(selection, dryRun: true) == ReplayCount(events: 0, deliveries: 0)) }
    }

    @Test func replayedDeliveriesKeepTheirIdAndOrderAndBeginTheScheduleAnew() async throws {
        let fixture = try await fixture()
        _ = try await fixture.replay(ReplaySelection(charge: "a"), at: 5_000)
        let due = try fixture.due(at: 5_000)
        #expect(due.map(\.notificationId) == ["ntf_a-1"])
        #expect(due[0].attempts == 1)
        #expect(due[0].round == 1)
        try fixture.record(due[0], at: 5_000, next: .delivered)
        #expect(try fixture.dueNames(at: 5_007) == ["a-2"])
    }

    /// An older version that is replayed goes first, even when the newer one is under way.
    @Test func aReplayGoesBeforeWhatCameLater() async throws {
        let fixture = try await fixture()
        try await fixture.tell("a", versions: 3...3, at: 6_000)
        let third = try #require(try fixture.due(at: 6_000).first)
        _ = try await fixture.replay(ReplaySelection(charge: "a"), at: 6_001)
        #expect(try fixture.dueNames(at: 6_001, excluding: [third.seq]) == ["a-1"])
        try fixture.record(third, at: 6_002, status: 500, next: .retry(at: Sample.at(7_000)))
        #expect(try fixture.dueNames(at: 9_000) == ["a-1"])
        for expected in ["a-1", "a-2", "a-3"] {
            let due = try fixture.due(at: 9_100)
            #expect(due.map(\.notificationId) == ["ntf_" + expected])
            try fixture.record(due[0], at: 9_000, next: .delivered)
        }
    }

    @Test func theWorkerIsToldAndTheSelectionWrittenDown() async throws {
        let fixture = try await fixture()
        let heard = Mutex<[Commit]>([])
        fixture.store.onCommit { commit in heard.withLock { $0.append(commit) } }
        let selection = ReplaySelection(
            failed: true, event: nil, charge: "a", type: EventPattern("*"), since: Sample.at(0), until: Sample.at(1_000), delivered: true, limit: 9)
        _ = try await fixture.replay(selection)
        #expect(heard.withLock { $0 } == [Commit(events: true, deliveries: true, lastSeq: 8)])
        #expect(
            try fixture.integer(
                "SELECT count(*) FROM replay WHERE selection ->> 'charge' = 'a' AND selection ->> 'limit' = 9 AND selection ->> 'type' = '*'") == 1)
    }
}

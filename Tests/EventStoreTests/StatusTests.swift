import PaymentCore
import Testing

@testable import EventStore

@Suite struct StatusTests {
    @Test func anEmptyDatabaseHasNothingToSay() throws {
        #expect(try Fixture().reader().status() == StoreStatus())
    }

    /// Counted the slow way, the numbers are the same.
    @Test func countsWhatIsThere() async throws {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...3, to: ["shop", "books"], at: 1)
        try await fixture.tell("b", versions: 1...2, at: 2)
        _ = await fixture.store.appendTogether([Sample.unreadable("u", at: 3), Sample.event("late", at: 4), Sample.event("late", body: "x", at: 5)])
        try fixture.record(try fixture.due(at: 10)[0], at: 10, status: 500, next: .dead)
        try fixture.record(try fixture.due("books", at: 10)[0], at: 10, next: .delivered)
        try fixture.record(try fixture.due(at: 50)[1], at: 50, status: 500, next: .retry(at: Sample.at(90)))
        try fixture.store.write("test") { transaction throws in
            for seq in 1...3 { try transaction.markApplied(Int64(seq), outcome: .advanced, charge: 1, agreement: nil) }
            try transaction.markFailed(4, error: "test: x")
            try transaction.advanceProgress(to: 4)
        }
        let before = try fixture.reader().status()
        #expect(before.received == 2)
        #expect(before.applied == 3)
        #expect(before.failed == 2)
        #expect(before.conflicts == 1)
        #expect(before.lastReceivedAt == Sample.at(4))
        #expect(before.oldestUnappliedAt == Sample.at(2))
        #expect(before.anomalous == 2)
        #expect(before.delivered == 1)
        #expect(
            before.endpoints == [
                .init(endpoint: "books", pending: 2, dead: 0, nextAttemptAt: Sample.at(10)),
                .init(endpoint: "shop", pending: 4, dead: 1, nextAttemptAt: Sample.at(2)),
            ])
        _ = try await fixture.replay(ReplaySelection(failed: true), at: 100)
        let after = try fixture.reader().status()
        #expect(after.received == 4)
        #expect(after.failed == 0)
        #expect(after.dead == 0)
        #expect(after.lastSeq == 7)
        for status in [after] {
            #expect(try fixture.integer("SELECT count(*) FROM event WHERE state = 'received'") == status.received)
            #expect(try fixture.integer("SELECT count(*) FROM event WHERE state = 'applied'") == status.applied)
            #expect(try fixture.integer("SELECT count(*) FROM delivery WHERE state = 'pending'") == status.pending)
            #expect(try fixture.integer("SELECT count(*) FROM delivery WHERE state = 'delivered'") == status.delivered)
        }
        #expect(after.applied == 3)
        #expect(after.conflicts == 1)
    }
}

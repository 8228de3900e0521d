import PaymentCore
import Testing

@testable import EventStore

/// What is old goes, what is needed stays.
@Suite struct PurgeTests {
    /// Charge `a`: told; `b`: dead; `c`: waits. One event that failed, one with a conflict, and `late` of yesterday.
    private func fixture() async throws -> Fixture {
        let fixture = try Fixture()
        for charge in ["a", "b", "c"] {
            try await fixture.tell(charge, versions: 1...1)
            try fixture.execute("UPDATE event SET state = 'applied', outcome = 'advanced' WHERE subject = '\(charge)'")
        }
        let due = try fixture.due(at: 10)
        try fixture.record(due[0], at: 10, next: .delivered)
        try fixture.record(due[1], at: 10, status: 410, next: .dead)
        _ = await fixture.store.append(Sample.unreadable("failed"))
        _ = await fixture.store.append(Sample.event("a-1", body: "another body"))
        try await fixture.tell("late", versions: 1...1, at: 1_000_000)
        try fixture.execute("UPDATE event SET state = 'applied', outcome = 'advanced' WHERE subject = 'late'")
        return fixture
    }

    private func bodies(_ fixture: Fixture) throws -> [String] {
        try fixture.texts("SELECT e.id FROM payload AS p JOIN event AS e ON e.seq = p.event WHERE e.state = 'applied' ORDER BY e.seq")
            + fixture.texts("SELECT id FROM notification WHERE body IS NOT NULL ORDER BY seq")
    }

    private func purge(_ fixture: Fixture, before: Int64, dryRun: Bool = false) async throws -> PurgeCount {
        let readers = try ReaderPool(path: fixture.directory.database)
        defer { readers.close() }
        return try await fixture.store.purge(before: Sample.at(before), dryRun: dryRun, readers: readers)
    }

    @Test func onlyWhatIsOldAndDoneGoes() async throws {
        let fixture = try await fixture()
        var expected = PurgeCount()
        (expected.payloads, expected.conflicts, expected.notifications, expected.attempts) = (1, 1, 1, 1)
        (expected.unapplied, expected.undelivered) = (1, 4)
        #expect(try await purge(fixture, before: 5_000, dryRun: true) == expected)
        #expect(try bodies(fixture).count == 8)
        let done = try await purge(fixture, before: 5_000)
        #expect(done.freedBytes >= 0)
        expected.freedBytes = done.freedBytes
        #expect(done == expected)
        #expect(try bodies(fixture) == ["b-1", "c-1", "late-1", "ntf_b-1", "ntf_c-1", "ntf_late-1"])
        #expect(try fixture.integer("SELECT count(*) FROM conflict WHERE body IS NULL") == 1)
        #expect(try fixture.integer("SELECT count(*) FROM attempt") == 1)
        // Again there is nothing left to do.
        (expected.payloads, expected.conflicts, expected.notifications, expected.attempts, expected.freedBytes) = (0, 0, 0, 0, 0)
        #expect(try await purge(fixture, before: 5_000) == expected)
    }

    @Test func whatWasToldLatelyStays() async throws {
        let fixture = try await fixture()
        try fixture.record(try fixture.due(at: 20)[0], at: 6_000, next: .delivered)
        #expect(try await purge(fixture, before: 5_000).notifications == 1)
        #expect(try bodies(fixture).contains("ntf_c-1"))
        #expect(try await purge(fixture, before: 7_000).notifications == 1)
    }

    @Test func identitiesStay() async throws {
        let fixture = try await fixture()
        _ = try await purge(fixture, before: .max / 4)
        #expect(try fixture.integer("SELECT count(*) FROM payload AS p JOIN event AS e ON e.seq = p.event WHERE e.id = 'a-1'") == 0)
        #expect(await fixture.store.append(Sample.event("a-1", charge: "a")) == .duplicate(seq: 1))
        #expect(await fixture.store.append(Sample.event("a-1", body: "another body")) == .conflict(seq: 1))
        #expect(try fixture.integer("SELECT count(*) FROM conflict WHERE body IS NOT NULL") == 0)
        #expect(await fixture.store.append(Sample.event("a-1", body: "a third")) == .conflict(seq: 1))
    }

    @Test func whatHasBecomeNeededSinceItWasFoundStays() async throws {
        let fixture = try await fixture()
        let reader = try fixture.reader()
        let (events, notifications) = (
            try reader.purgeBatch(.payloads, after: 0, before: Sample.at(5_000), span: 100),
            try reader.purgeBatch(.notifications, after: 0, before: Sample.at(5_000), span: 100)
        )
        #expect(events.seqs == [1] && notifications.seqs == [1])
        _ = try await fixture.replay(ReplaySelection(charge: "a", delivered: true), at: 20)
        let count = try fixture.store.write("test") { transaction throws in
            (try transaction.purge(.payloads, events.seqs[...], before: Sample.at(5_000)).payloads)
                + (try transaction.purge(.notifications, notifications.seqs[...], before: Sample.at(5_000)).notifications)
        }
        #expect(count == 0)
        #expect(try fixture.dueNames(at: 30) == ["c-1", "a-1"])
    }

    @Test func purgedNotificationsAreNotSentAgain() async throws {
        let fixture = try await fixture()
        let before = try fixture.reader().replayPlan(ReplaySelection(charge: "a", delivered: true))
        #expect(before.count.deliveries == 1 && before.purged == 0)
        _ = try await purge(fixture, before: 5_000)
        let plan = try fixture.reader().replayPlan(ReplaySelection(charge: "a", delivered: true))
        #expect(plan.count.deliveries == 0 && plan.purged == 1)
        // Found before the purge, replayed after it.
        #expect(
            try await fixture.store.replay(before, of: ReplayRequest(.init(charge: "a", delivered: true), at: Sample.at(50), who: "t", reason: nil)).deliveries
                == 0)
        #expect(try fixture.dueNames(at: 60) == ["c-1"])
        #expect(try fixture.reader().delivery(id: "ntf_a-1").first?.body == nil)
        #expect(try fixture.reader().notifications(after: 0, limit: 10).rows.map(\.seq) == [2, 3, 4])
    }

    @Test func freePagesAreGivenBack() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether((1...300).map { Sample.event("e\($0)", body: "\($0)" + String(repeating: "x", count: 4_000), at: Int64($0)) })
        try fixture.execute("UPDATE event SET state = 'applied', outcome = 'advanced'")
        let before = try fixture.integer("SELECT page_count FROM pragma_page_count") ?? 0
        let count = try await purge(fixture, before: 251)
        let after = try fixture.integer("SELECT page_count FROM pragma_page_count") ?? 0
        #expect(count.payloads == 250)
        #expect(try fixture.integer("SELECT freelist_count FROM pragma_freelist_count") == 0)
        #expect(count.freedBytes >= 55 * 16_384)
        // A page of pointers more or less.
        #expect(abs((before - after) * 16_384 - count.freedBytes) <= 16_384)
        #expect(try fixture.integer("SELECT count(*) FROM payload WHERE length(body) > 4000") == 50)
    }
}

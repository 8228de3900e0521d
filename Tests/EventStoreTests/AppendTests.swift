import PaymentCore
import Synchronization
import Testing

@testable import EventStore

@Suite struct AppendTests {
    /// The answer is given after COMMIT: another connection sees the event at that moment.
    @Test func anAnswerMeansCommitted() async throws {
        let fixture = try Fixture()
        let path = fixture.directory.database
        let seen = await withCheckedContinuation { continuation in
            fixture.store.append(Sample.event("a")) { outcome in
                let count = try? Fixture.integer("SELECT count(*) FROM event JOIN payload ON event = seq", at: path)
                continuation.resume(returning: (outcome, count))
            }
        }
        #expect(seen.0 == .accepted(seq: 1))
        #expect(seen.1 == 1)
    }

    @Test func everyFactIsStoredAndReadBack() async throws {
        let fixture = try Fixture()
        let event = Sample.event("a", at: 5)
        _ = await fixture.store.append(event)
        let details = try #require(try fixture.reader().event(seq: 1))
        #expect(Event.Content.readable(try #require(details.facts)) == event.content)
        #expect(details.body == event.body)
        #expect(details.row.receivedAt == event.receivedAt)
        #expect(details.row.state == .received)
    }

    @Test func theSameEventAgainIsADuplicateAndCounted() async throws {
        let fixture = try Fixture()
        #expect(await fixture.store.append(Sample.event("a")) == .accepted(seq: 1))
        #expect(await fixture.store.append(Sample.event("a", at: 99)) == .duplicate(seq: 1))
        #expect(await fixture.store.append(Sample.event("a")) == .duplicate(seq: 1))
        #expect(await fixture.store.append(Sample.event("b")) == .accepted(seq: 2))
        let row = try #require(try fixture.reader().event(seq: 1)).row
        #expect(row.repeats == 2)
        #expect(row.conflicts == 0)
        #expect(row.receivedAt == Sample.at(0))
    }

    @Test func anotherBodyIsAConflictKeptOnceAndChangesNothing() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.event("a"))
        let before = try fixture.reader().event(seq: 1)
        #expect(await fixture.store.append(Sample.event("a", body: "other", status: "FAILED", at: 3)) == .conflict(seq: 1))
        #expect(await fixture.store.append(Sample.event("a", body: "other", at: 4)) == .conflict(seq: 1))
        #expect(await fixture.store.append(Sample.event("a", body: "third", at: 5)) == .conflict(seq: 1))
        let after = try #require(try fixture.reader().event(seq: 1))
        #expect(after.row.conflicts == 3)
        #expect(after.conflictingBodies.map { $0.body.map { String(decoding: $0, as: UTF8.self) } } == ["other", "third"])
        #expect(after.conflictingBodies.first?.receivedAt == Sample.at(3))
        #expect(after.facts == before?.facts)
        #expect(after.body == before?.body)
    }

    @Test func identityIsSourceAndIdAndDecidedOnBytes() async throws {
        let fixture = try Fixture()
        let composed = "caf\u{E9}"
        let decomposed = "cafe\u{301}"
        #expect(composed == decomposed)
        #expect(await fixture.store.append(Sample.event(composed, body: "1")) == .accepted(seq: 1))
        #expect(await fixture.store.append(Sample.event(decomposed, body: "1")) == .accepted(seq: 2))
        #expect(await fixture.store.append(Sample.event(composed, source: "other", body: "1")) == .accepted(seq: 3))
        #expect(await fixture.store.append(Sample.event("a\0b", body: "1")) == .accepted(seq: 4))
        #expect(await fixture.store.append(Sample.event("a\0c", body: "1")) == .accepted(seq: 5))
        #expect(await fixture.store.append(Sample.event("a\0b", body: "1")) == .duplicate(seq: 4))
        #expect(try fixture.reader().event(seq: 4)?.row.id == "a\0b")
    }

    @Test func repeatsWithinOneBatchAreFound() async throws {
        let fixture = try Fixture()
        let outcomes = await fixture.store.appendTogether([
            Sample.event("a"), Sample.event("b"), Sample.event("a"), Sample.event("a", body: "other"), Sample.event("b"),
        ])
        #expect(outcomes == [.accepted(seq: 1), .accepted(seq: 2), .duplicate(seq: 1), .conflict(seq: 1), .duplicate(seq: 2)])
        #expect(try fixture.integer("SELECT count(*) FROM event") == 2)
    }

    @Test func whatWaitsTogetherIsOneTransaction() async throws {
        let fixture = try Fixture()
        let commits = Mutex<[Int64]>([])
        fixture.store.onCommit { commit in commits.withLock { $0.append(commit.lastSeq) } }
        var limits = EventStore.Limits()
        limits.transactionEvents = 4
        let small = try Fixture(limits: limits)
        let smallCommits = Mutex<[Int64]>([])
        small.store.onCommit { commit in smallCommits.withLock { $0.append(commit.lastSeq) } }
        let events = (0..<10).map { Sample.event("\($0)") }
        _ = await fixture.store.appendTogether(events)
        _ = await small.store.appendTogether(events)
        fixture.store.close()
        small.store.close()
        #expect(commits.withLock { $0 } == [10])
        #expect(smallCommits.withLock { $0 } == [4, 8, 10])
    }

    /// What another transaction has made due: whose answers wait has waited for that transaction already.
    @Test func aCheckpointComesAfterTheCommitOfThoseWhoWait() async throws {
        var limits = EventStore.Limits()
        limits.checkpointPages = 1
        let fixture = try Fixture(limits: limits)
        let file = DatabaseFile(path: fixture.directory.database)
        let before = file.bytes
        let atTheAnswer = Mutex<Int64>(0)
        try fixture.store.write("test") { transaction in
            try transaction.connection.execute("CREATE TABLE large (body BLOB); INSERT INTO large VALUES (zeroblob(1000000))")
            // It cannot be stored before this transaction is over.
            fixture.store.append(Sample.event("a")) { _ in atTheAnswer.withLock { $0 = file.bytes } }
        }
        _ = try await fixture.store.writeAsync("wait") { _ in }
        #expect(atTheAnswer.withLock { $0 } == before)
        #expect(file.bytes > before + 1_000_000)
    }

    /// A hash of the wrong length breaks a CHECK: only that event is turned away, and its number and identity are free again.
    @Test func oneRefusedEventDoesNotPoisonItsBatch() async throws {
        let fixture = try Fixture()
        var broken = Sample.event("broken")
        broken.bodyHash.removeLast()
        let outcomes = await fixture.store.appendTogether([Sample.event("a"), broken, Sample.event("b"), Sample.event("a")])
        #expect(outcomes[0] == .accepted(seq: 1))
        #expect(outcomes[1].error?.code == "constraint")
        #expect(outcomes[1].error?.during == "append")
        #expect(outcomes[2] == .accepted(seq: 2))
        #expect(outcomes[3] == .duplicate(seq: 1))
        #expect(fixture.store.health == .well)
        #expect(await fixture.store.append(Sample.event("broken")) == .accepted(seq: 3))
    }

    @Test func anUnreadableEventIsStoredAsFailedWithItsReason() async throws {
        let fixture = try Fixture()
        #expect(await fixture.store.append(Sample.unreadable("not json")) == .accepted(seq: 1))
        #expect(await fixture.store.append(Sample.unreadable("not json")) == .duplicate(seq: 1))
        #expect(await fixture.store.append(Sample.unreadable("")) == .accepted(seq: 2))
        let details = try #require(try fixture.reader().event(seq: 1))
        #expect(details.row.state == .failed)
        #expect(details.row.error == DecodingFailure.badTime.description)
        #expect(details.row.type == nil)
        #expect(details.facts == nil)
        #expect(details.body == Array("not json".utf8))
        #expect(details.data == nil)
        #expect(try fixture.reader().event(seq: 2)?.body == [])
    }

    /// The payload may go, the tombstone stays.
    @Test func aPurgedEventIsStillKnown() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.event("a"))
        try fixture.execute("DELETE FROM payload")
        #expect(await fixture.store.append(Sample.event("a")) == .duplicate(seq: 1))
        #expect(await fixture.store.append(Sample.event("a", body: "other")) == .conflict(seq: 1))
        let details = try #require(try fixture.reader().event(seq: 1))
        #expect(details.body == nil)
        #expect(details.facts != nil)
        fixture.store.close()
        let again = try Fixture(in: fixture.directory)
        #expect(await again.store.append(Sample.event("a")) == .duplicate(seq: 1))
    }
}

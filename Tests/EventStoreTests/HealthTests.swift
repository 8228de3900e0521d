import Dispatch
import PaymentCore
import Synchronization
import Testing

@testable import EventStore

@Suite struct HealthTests {
    /// `max_page_count` makes SQLite itself report a full disk.
    @Test func aFullDiskIsSaidAndPassesByItself() async throws {
        let fixture = try Fixture()
        let calls = Mutex(0)
        fixture.store.onFatal { _ in calls.withLock { $0 += 1 } }
        let body = String(repeating: "x", count: 100_000)
        try fixture.leave(pages: 20)
        var accepted: [Event] = []
        var refusal: StoreError?
        for number in 0..<50 where refusal == nil {
            let event = Sample.event("\(number)", body: body)
            switch await fixture.store.append(event) {
            case .accepted: accepted.append(event)
            case .unavailable(let error): refusal = error
            case let other: Issue.record("\(other)")
            }
        }
        try #require(!accepted.isEmpty)
        #expect(refusal?.code == "storage_full")
        #expect(fixture.store.health == .unwell(reason: "storage_full", sentence: refusal?.message ?? ""))
        // What was acknowledged is there, and nothing else.
        #expect(try fixture.integer("SELECT count(*) FROM event") == Int64(accepted.count))

        // Who only looks proves nothing.
        _ = try fixture.store.write("test") { try $0.claimAsks(limit: 10, now: Sample.at(0)) }
        #expect(fixture.store.health != .well)
        // Repeats of what is stored need no space; they prove that the disk takes writes.
        #expect(await fixture.store.append(accepted[0]) == .duplicate(seq: 1))
        #expect(fixture.store.health == .well)

        try fixture.execute("PRAGMA max_page_count = 100000")
        #expect(await fixture.store.append(Sample.event("more", body: body)) == .accepted(seq: Int64(accepted.count + 1)))
        #expect(calls.withLock { $0 } == 0)
    }

    /// SQLite ends the transaction at such an error; what a careless caller goes on to write must not be committed statement by statement.
    @Test func nothingIsWrittenAfterATransactionEndedByItself() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.event("a"))
        try fixture.leave(pages: 20)
        #expect(throws: StoreError.self) {
            try fixture.store.write("test") { transaction throws in
                do {
                    for _ in 0..<100 { try transaction.connection.execute("INSERT INTO payload (event, body) VALUES (1, zeroblob(1000000))") }
                } catch {}
                do {
                    for number in 0..<100 {
                        try transaction.connection.execute(
                            "INSERT INTO conflict (event, received_at, body_sha256, body) VALUES (1, \(number), randomblob(32), zeroblob(100000))")
                    }
                } catch {}
                _ = try? transaction.insertCharge(Sample.charge("charge_1"))
            }
        }
        #expect(try fixture.integer("SELECT count(*) FROM charge") == 0)
        #expect(try fixture.integer("SELECT count(*) FROM conflict") == 0)
    }

    @Test(arguments: [StoreError.Kind.syncFailed, .databaseCorrupt, .rollbackFailed])
    func afterAFinalErrorNothingIsAcknowledged(_ kind: StoreError.Kind) async throws {
        let fixture = try Fixture()
        let fatal = Mutex<[StoreError]>([])
        fixture.store.onFatal { error in fatal.withLock { $0.append(error) } }
        _ = await fixture.store.append(Sample.event("a"))
        let error = StoreError(kind, extended: 1034, message: "the disk is gone")
        for _ in 1...2 { #expect(throws: StoreError.self) { try fixture.store.write("test") { _ in throw error } } }
        #expect(fatal.withLock { $0.map(\.kind) } == [kind])
        #expect(fixture.store.health == .unwell(reason: kind.rawValue, sentence: "the disk is gone"))
        #expect(await fixture.store.append(Sample.event("b")).error?.kind == kind)
        #expect(await fixture.store.append(Sample.event("a")).error?.kind == kind)
        let late = Mutex<[StoreError]>([])
        fixture.store.onFatal { error in late.withLock { $0.append(error) } }
        #expect(late.withLock { $0.count } == 1)
        fixture.store.close()
        // The log was left for the next start to recover from.
        #expect(DatabaseFile(path: fixture.directory.database).logBytes > 0)
        let again = try Fixture(in: fixture.directory)
        #expect(await again.store.append(Sample.event("a")) == .duplicate(seq: 1))
    }

    @Test func whatWaitsWhenItHappensIsNotAcknowledgedEither() async throws {
        let fixture = try Fixture()
        let store = fixture.store
        let outcomes = Mutex<[AppendOutcome]>([])
        store.queue.suspend()
        store.queue.async { _ = try? store.fail(with: StoreError(.syncFailed, message: "gone")) }
        for number in 0..<3 { store.append(Sample.event("\(number)")) { outcome in outcomes.withLock { $0.append(outcome) } } }
        store.queue.resume()
        store.close()
        #expect(outcomes.withLock { $0.compactMap(\.error?.kind) } == [.syncFailed, .syncFailed, .syncFailed])
    }

    @Test func resultCodesAreSorted() {
        let noSpace: Int32 = 28
        let quota: Int32 = 122
        #expect(StoreError.kind(extended: 13, systemError: 0) == .storageFull)
        #expect(StoreError.kind(extended: 10 | (19 << 8), systemError: noSpace) == .storageFull)
        #expect(StoreError.kind(extended: 10 | (3 << 8), systemError: quota) == .storageFull)
        #expect(StoreError.kind(extended: 10 | (3 << 8), systemError: 5) == .storageIO)
        #expect(StoreError.kind(extended: 10 | (4 << 8), systemError: noSpace) == .syncFailed)
        #expect(StoreError.kind(extended: 10 | (5 << 8), systemError: 5) == .syncFailed)
        #expect(StoreError.kind(extended: 11, systemError: 0) == .databaseCorrupt)
        #expect(StoreError.kind(extended: 26, systemError: 0) == .databaseCorrupt)
        #expect(StoreError.kind(extended: 5, systemError: 0) == .databaseBusy)
        #expect(StoreError.kind(extended: 19 | (5 << 8), systemError: 0) == .constraint)
        #expect(StoreError.kind(extended: 14, systemError: 2) == .databaseUnavailable)
        #expect(StoreError.kind(extended: 1, systemError: 0) == .unexpected)
    }
}

extension Fixture {
    /// The database may grow by so many pages and no further.
    fileprivate func leave(pages: Int64) throws {
        let count = try #require(try integer("PRAGMA page_count"))
        try execute("PRAGMA max_page_count = \(count + pages)")
    }
}

extension EventStore {
    /// As a write on the writer's queue that ends in `error`; `write` itself may not be called there.
    fileprivate func fail(with error: StoreError) throws { try perform("test") { _ in throw error } }
}

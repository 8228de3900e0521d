import Dispatch
import PaymentCore
import Synchronization
import TestSupport
import Testing

@testable import EventStore

@Suite struct HealthTests {
    /// `max_page_count` makes SQLite itself report a full disk.
    @Test func aFullDiskIsSaidAndNothingMoreIsTaken() async throws {
        var limits = EventStore.Limits()
        limits.recheckMilliseconds = 600_000
        let fixture = try Fixture(limits: limits)
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
        #expect(!fixture.store.health.takesEvents)
        // What was acknowledged is there, and nothing else.
        #expect(try fixture.integer("SELECT count(*) FROM event") == Int64(accepted.count))

        // The space that was set aside is there for others than new events.
        #expect(try Shell.size(fixture.directory.database + ".reserve") < 100)
        try fixture.execute("PRAGMA max_page_count = 100000")
        try fixture.execute("UPDATE event SET repeats = 1 WHERE seq = 1")
        #expect(!fixture.store.health.takesEvents)
        #expect(await fixture.store.append(accepted[0]).error?.code == "storage_full")
        #expect(calls.withLock { $0 } == 0)
    }

    @Test func aDiskWithSpaceAgainTakesEventsAgain() async throws {
        var limits = EventStore.Limits()
        limits.recheckMilliseconds = 1
        let fixture = try Fixture(limits: limits)
        let (health, continuation) = AsyncStream.makeStream(of: StoreHealth.self)
        fixture.store.onHealth { continuation.yield($0) }
        try? fixture.store.fullDisk()
        var seen: [String] = []
        for await now in health {
            if case .unwell(let reason, _) = now { seen.append(reason) }
            if now == .well { break }
        }
        #expect(seen.last == "storage_full")
        #expect(await fixture.store.append(Sample.event("a")) == .accepted(seq: 1))
        #expect(try Shell.size(fixture.directory.database + ".reserve") == limits.reserveBytes)
    }

    /// A reader on an old state keeps the log from starting anew.
    @Test func aLogThatGrowsIsSaidAndThenNothingMoreIsTaken() async throws {
        var limits = EventStore.Limits()
        (limits.checkpointPages, limits.logAlarmBytes, limits.logCapBytes, limits.recheckMilliseconds) = (1, 400_000, 1_000_000, 1)
        let fixture = try Fixture(limits: limits)
        let (health, continuation) = AsyncStream.makeStream(of: StoreHealth.self)
        fixture.store.onHealth { continuation.yield($0) }
        let reader = try fixture.reader()
        let body = String(repeating: "x", count: 50_000)
        var refusal: StoreError?
        try await reader.holding {
            for number in 0..<100 where refusal == nil { refusal = await fixture.store.append(Sample.event("\(number)", body: body)).error }
            // Others may still write, up to twice as much.
            try fixture.execute("UPDATE event SET repeats = 1 WHERE seq = 1")
            #expect(fixture.store.statistics().logBytes < 1_400_000)
        }
        #expect(refusal?.code == "log_full")
        var states: [String] = []
        for await now in health {
            states.append(now.word)
            if now == .well { break }
        }
        #expect(states == ["strained", "log_full", "well"])
        #expect(await fixture.store.append(Sample.event("after")).acceptedSeq != nil)
        #expect(fixture.store.statistics().logBytes < 400_000)
    }

    @Test func nothingIsWrittenBeyondTwiceTheCap() async throws {
        var limits = EventStore.Limits()
        (limits.checkpointPages, limits.logAlarmBytes, limits.logCapBytes, limits.recheckMilliseconds) = (1, 100_000, 200_000, 600_000)
        let fixture = try Fixture(limits: limits)
        let reader = try fixture.reader()
        try await reader.holding {
            do {
                for _ in 0..<100 { try fixture.store.write("test") { try $0.connection.execute("UPDATE origin SET id = randomblob(16)") } }
                Issue.record("it has no end")
            } catch let error as StoreError {
                #expect(error.code == "log_full")
            }
        }
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
    /// As a write that finds the disk full.
    fileprivate func fullDisk() throws { try write("test") { _ in throw StoreError(.storageFull, message: "full") } }

    /// As a write on the writer's queue that ends in `error`; `write` itself may not be called there.
    fileprivate func fail(with error: StoreError) throws { try perform("test") { _ in throw error } }
}

extension StoreHealth {
    fileprivate var word: String {
        switch self {
        case .well: "well"
        case .strained: "strained"
        case .unwell(let reason, _): reason
        }
    }
}

extension Reader {
    /// Keeps the state of now while `body` runs.
    fileprivate func holding(_ body: () async throws -> Void) async throws {
        try connection.execute("BEGIN")
        let statement = try connection.prepare("SELECT count(*) FROM event")
        _ = try statement.step()
        statement.reset()
        try await body()
        try connection.execute("COMMIT")
    }
}

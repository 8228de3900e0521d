import Dispatch
import PaymentCore
import Synchronization
import Testing

@testable import EventStore

/// A replay in many transactions.
@Suite struct ReplaySlicesTests {
    private static let all = ReplaySelection(failed: true, delivered: true)

    /// Three charges whose notifications lie among each other and go to two endpoints: versions 1 and 2 are dead at the shop, delivered at the books, and
    /// version 3 waits. Then three events that failed.
    private func fixture() async throws -> Fixture {
        let fixture = try Fixture()
        for version in 1...2 {
            for charge in ["a", "b", "c"] { try await fixture.tell(charge, versions: version...version, to: ["shop", "books"]) }
        }
        for _ in 1...2 {
            for due in try fixture.due(at: 10) { try fixture.record(due, at: 10, status: 500, next: .dead) }
            for due in try fixture.due("books", at: 10) { try fixture.record(due, at: 10, next: .delivered) }
        }
        for charge in ["c", "b"] { try await fixture.tell(charge, versions: 3...3, to: ["shop", "books"], at: 20) }
        _ = await fixture.store.appendTogether((1...3).map { Sample.unreadable("unreadable \($0)") })
        return fixture
    }

    private func everything(_ fixture: Fixture) throws -> [String] {
        try fixture.texts("SELECT seq || ' ' || state || again || coalesce(error, '') FROM event ORDER BY seq")
            + fixture.texts(
                """
                SELECT format('%s %s %s %s %s %s', seq, state, attempts, round, next_attempt_at, finished_at) FROM delivery ORDER BY seq
                """)
            + fixture.texts("SELECT format('%s%s%s%s %s %s', at, who, reason, selection, events, deliveries) FROM replay")
    }

    @Test(arguments: [1, 2, 3, 4, 5, 7, 11, 100], [all, ReplaySelection(failed: true), ReplaySelection(failed: true, limit: 5)])
    func slicesDoWhatOneTransactionDoes(rows: Int, selection: ReplaySelection) async throws {
        let (whole, sliced) = (try await fixture(), try await fixture())
        let expected = try await whole.replay(selection, at: 50)
        #expect(expected.events == 3)
        #expect(try await sliced.replay(selection, at: 50, rows: rows) == expected)
        #expect(try everything(sliced) == everything(whole))
    }

    /// Everything that is due is sent between the slices.
    @Test(arguments: 1...6) func aChargeIsToldInOrderMeanwhile(rows: Int) async throws {
        let fixture = try await fixture()
        var told: [String: [String]] = [:]
        func tell() throws {
            while case let due = try fixture.due(at: 60), !due.isEmpty {
                for delivery in due {
                    told[String(delivery.notificationId.dropFirst(4).prefix(1)), default: []].append(String(delivery.notificationId.suffix(1)))
                    try fixture.record(delivery, at: 60, next: .delivered)
                }
            }
        }
        // Version 3 of c and b waits before the replay begins; it would go out at once.
        let count = try await fixture.replay(ReplaySelection(endpoint: "shop"), at: 50, rows: rows) { try tell() }
        try tell()
        #expect(count.deliveries == 6)
        #expect(told["a"] == ["1", "2"])
        for (charge, versions) in told where charge != "a" {
            // Either it was told before its lane had its turn, or after; never between.
            #expect(versions == ["1", "2", "3"] || versions == ["3", "1", "2"], "\(charge)")
        }
        #expect(told["b"]?.count == 3)
        #expect(told["c"]?.count == 3)
    }

    @Test(arguments: 1...4) func whatDiesAgainMeanwhileIsNotReplayedTwice(rows: Int) async throws {
        let fixture = try await fixture()
        let count = try await fixture.replay(ReplaySelection(endpoint: "shop"), at: 50, rows: rows) {
            for due in try fixture.due(at: 60) { try fixture.record(due, at: 60, status: 500, next: .dead) }
        }
        #expect(count.deliveries == 6)
        #expect(try fixture.integer("SELECT deliveries FROM replay") == 6)
        #expect(try fixture.integer("SELECT count(*) FROM delivery WHERE round > 1") == 0)
        #expect(try fixture.integer("SELECT count(*) FROM delivery WHERE round = 1") == 6)
    }

    /// What the second one did while the first was on its way is not done again, even though it is finished anew.
    @Test func twoReplaysShareTheWork() async throws {
        let fixture = try await fixture()
        var second = ReplayCount(events: 0, deliveries: 0)
        let first = try await fixture.replay(Self.all, at: 50, rows: 4) {
            second += try await fixture.replay(Self.all, at: 51)
            for due in try fixture.due(at: 60) { try fixture.record(due, at: 60, next: .delivered) }
        }
        // Those that were delivered before the second's next turn were replayed by it once more, as it was asked to.
        #expect(first == ReplayCount(events: 3, deliveries: 2))
        #expect(second.events == 0)
        #expect(second.deliveries >= 10)
        #expect(try fixture.integer("SELECT sum(deliveries) FROM replay") == Int64(first.deliveries + second.deliveries))
    }

    @Test func aRepeatDoesTheRest() async throws {
        struct Stop: Error {}
        let fixture = try await fixture()
        await #expect(throws: Stop.self) { _ = try await fixture.replay(Self.all, at: 50, rows: 4) { throw Stop() } }
        #expect(try fixture.texts("SELECT format('%s %s', events, deliveries) FROM replay") == ["3 2"])
        #expect(try await fixture.replay(Self.all, at: 51, rows: 4) == ReplayCount(events: 0, deliveries: 10))
        #expect(try fixture.texts("SELECT format('%s %s', events, deliveries) FROM replay ORDER BY seq") == ["3 2", "0 10"])
        #expect(try fixture.integer("SELECT count(*) FROM delivery WHERE state <> 'pending'") == 0)
    }

    @Test func nothingFoundIsRecordedToo() async throws {
        let fixture = try await fixture()
        #expect(try await fixture.replay(ReplaySelection(charge: "nobody"), rows: 1) == ReplayCount(events: 0, deliveries: 0))
        #expect(try fixture.texts("SELECT format('%s %s', events, deliveries) FROM replay") == ["0 0"])
    }

    private func request(_ selection: ReplaySelection = all) -> ReplayRequest { ReplayRequest(selection, at: Sample.at(50), who: "tester", reason: nil) }

    @Test func theStoreDoesItAll() async throws {
        let fixture = try await fixture()
        let readers = try ReaderPool(path: fixture.directory.database, count: 1)
        #expect(try await fixture.store.replay(request(), readers: readers) == ReplayCount(events: 3, deliveries: 12))
        #expect(try await fixture.store.replay(request(ReplaySelection()), readers: readers) == ReplayCount(events: 0, deliveries: 0))
        #expect(try fixture.texts("SELECT format('%s %s', events, deliveries) FROM replay") == ["3 12"])
    }

    /// Each event comes at a commit of the replay's and is stored before the next.
    @Test func whatArrivesIsStoredInBetween() async throws {
        let fixture = try await fixture()
        let plan = try fixture.reader().replayPlan(ReplaySelection(failed: true))
        let store = fixture.store
        let counts = Mutex<[Int64?]>([])
        let came = Mutex(0)
        store.onCommit { commit in
            let number = came.withLock { $0 }
            guard commit.deliveries || number == 0 else { return }
            came.withLock { $0 += 1 }
            store.append(Sample.event("new \(number)")) { outcome in
                #expect(outcome.acceptedSeq != nil)
                counts.withLock { $0.append(try? fixture.integer("SELECT events + deliveries FROM replay")) }
            }
        }
        #expect(try await store.replay(plan, of: request(), pace: SlicePace(rows: 3, share: 1)) == ReplayCount(events: 3, deliveries: 6))
        try store.write("test") { _ in }
        #expect(counts.withLock { $0 } == [3, 7, 9])
    }

    @Test func whoBreaksItOffHearsWhatWasDone() async throws {
        let fixture = try await fixture()
        let plan = try fixture.reader().replayPlan(Self.all)
        let (store, request) = (fixture.store, request())
        let task = Mutex<Task<ReplayCount, any Error>?>(nil)
        store.onCommit { _ in task.withLock { $0?.cancel() } }
        // Nothing is written before the observer can know the task.
        store.queue.suspend()
        let replay = Task { try await store.replay(plan, of: request, pace: SlicePace(rows: 4)) }
        task.withLock { $0 = replay }
        store.queue.resume()
        await #expect(throws: ReplayInterrupted(done: ReplayCount(events: 3, deliveries: 2))) { try await replay.value }
        #expect(try fixture.texts("SELECT format('%s %s', events, deliveries) FROM replay") == ["3 2"])
    }

    @Test func anErrorSaysWhatWasDone() async throws {
        let fixture = try await fixture()
        let plan = try fixture.reader().replayPlan(Self.all)
        try fixture.execute("CREATE TRIGGER refuse BEFORE UPDATE ON replay WHEN NEW.deliveries > 3 BEGIN SELECT RAISE(ABORT, 'refused'); END")
        let error = await #expect(throws: StoreError.self) { try await fixture.store.replay(plan, of: request(), pace: SlicePace(rows: 4)) }
        #expect(error?.message.hasSuffix("; 3 events and 2 deliveries had been replayed") == true)
        #expect(try fixture.texts("SELECT format('%s %s', events, deliveries) FROM replay") == ["3 2"])
    }

    /// One of them so old that it is in the table of fingerprints, the other not.
    @Test func anIdOfTwoSourcesMeansBoth() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.event("same"))
        _ = await fixture.store.appendTogether((0..<FingerprintTail.rowCount).map { Sample.event("many-\($0)") })
        _ = await fixture.store.append(Sample.event("same", source: "other"))
        let newest = try #require(try fixture.integer("SELECT max(seq) FROM event"))
        let reader = try fixture.reader()
        #expect(try reader.eventSeqs(id: "same") == [newest, 1])
        #expect(try reader.event(id: "same")?.row.seq == newest)
    }

    @Test func aReplayRestsWhileEventsComeAndABackupAlways() {
        let pace = SlicePace(share: 0.25)
        #expect(pace.rest(after: .milliseconds(1), eventsCome: true) == .milliseconds(3))
        #expect(pace.rest(after: .milliseconds(1), eventsCome: false) == .zero)
        #expect(SlicePace.copying.rest(after: .milliseconds(1), eventsCome: false) > .milliseconds(10))
    }
}

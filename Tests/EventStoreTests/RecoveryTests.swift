import Dispatch
import Foundation
import PaymentCore
import Synchronization
import TestSupport
import Testing

@testable import EventStore

@Suite struct RecoveryTests {
    /// The files as a crash would leave them, taken on the writer's queue right after a commit was acknowledged, in the middle of the load.
    @Test func everythingAcknowledgedSurvivesACrash() async throws {
        var limits = EventStore.Limits()
        limits.transactionEvents = 7
        limits.checkpointPages = 20
        let fixture = try Fixture(limits: limits)
        let images = Mutex<[(directory: TemporaryDirectory, lastSeq: Int64)]>([])
        let path = fixture.directory.database
        fixture.store.onCommit { commit in
            guard [70, 140, 196].contains(commit.lastSeq) else { return }
            do {
                let image = try TemporaryDirectory()
                try Shell.copy(path, image.database)
                try Shell.copy(path + "-wal", image.database + "-wal")
                images.withLock { $0.append((image, commit.lastSeq)) }
            } catch { Issue.record(error) }
        }
        let events = (1...200).map { Sample.event("\($0)", body: String(repeating: "\($0) ", count: 900)) }
        let outcomes = await fixture.store.appendTogether(events)
        #expect(outcomes == (1...200).map { .accepted(seq: $0) })
        fixture.store.close()
        let taken = images.withLock { $0 }
        #expect(taken.map(\.lastSeq) == [70, 140, 196])
        for (number, (image, lastSeq)) in taken.enumerated() {
            // What a write torn by the crash leaves behind the last commit is no part of it.
            if number == 1 { try Self.append(Data(repeating: 0x5A, count: 20_000), to: image.database + "-wal") }
            let again = try Fixture(in: image)
            #expect(again.store.statistics().lastSeq == lastSeq)
            #expect(try again.integer("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'") == 1)
            let repeats = await again.store.appendTogether(Array(events.prefix(Int(lastSeq))))
            #expect(repeats == (1...lastSeq).map { .duplicate(seq: $0) })
        }
    }

    private static func append(_ data: Data, to path: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: data)
        try handle.close()
    }

    /// The writer copies its log into the database as it goes; a reader that stays on an old state only postpones it.
    @Test func theLogStaysSmall() async throws {
        var limits = EventStore.Limits()
        limits.checkpointPages = 10
        limits.transactionEvents = 4
        let fixture = try Fixture(limits: limits)
        let body = String(repeating: "x", count: 8_000)
        _ = await fixture.store.appendTogether((1...300).map { Sample.event("\($0)", body: body) })
        #expect(fixture.store.statistics().logBytes < 1 << 20)
        #expect(fixture.store.statistics().fileBytes > 2 << 20)

        let reader = try fixture.reader()
        try reader.connection.execute("BEGIN")
        #expect(try reader.event(withoutSnapshot: 300) != nil)
        _ = await fixture.store.appendTogether((301...600).map { Sample.event("\($0)", body: body) })
        #expect(fixture.store.health == .well)
        #expect(try reader.event(withoutSnapshot: 301) == nil)
        try reader.connection.execute("COMMIT")
        #expect(try reader.event(withoutSnapshot: 301) != nil)
    }

    @Test func manyThreadsAppendAndReadAtOnce() async throws {
        var limits = EventStore.Limits()
        limits.waitingEvents = 100_000
        limits.checkpointPages = 30
        let fixture = try Fixture(limits: limits)
        let readers = try ReaderPool(path: fixture.directory.database)
        let total = 4_000
        let outcomes = Mutex<[AppendOutcome]>([])
        let store = fixture.store
        async let looking: Int = withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await readers.read { try $0.events(EventFilter(page: Page(limit: 10))).count } } }
            return try await group.reduce(0, max)
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            DispatchQueue.global().async {
                DispatchQueue.concurrentPerform(iterations: total) { number in
                    // Every event comes twice, from different threads.
                    store.append(Sample.event("\(number / 2)", charge: "charge_\(number % 7)")) { outcome in
                        let count = outcomes.withLock {
                            $0.append(outcome)
                            return $0.count
                        }
                        if count == total { continuation.resume() }
                    }
                }
            }
        }
        #expect(try await looking <= 10)
        let all = outcomes.withLock { $0 }
        #expect(all.compactMap(\.acceptedSeq).sorted() == (1...2_000).map { Int64($0) })
        #expect(try fixture.integer("SELECT count(*) FROM event") == 2_000)
        #expect(try fixture.integer("SELECT sum(repeats + conflicts) FROM event") == 2_000)
        readers.close()
    }
}

extension Reader {
    func event(withoutSnapshot seq: Int64) throws -> Int64? {
        let statement = try connection.prepare("SELECT seq FROM event WHERE seq = \(seq)")
        return try statement.step() ? try statement.integer() : nil
    }
}

import Foundation
import PaymentCore
import TestSupport
import Testing

@testable import EventStore

/// Files that are not as terima left them.
@Suite struct DamageTests {
    private func code(_ path: String) -> String? {
        do {
            try EventStore.open(path: path).close()
            return nil
        } catch {
            return error.code
        }
    }

    /// The files of a store that was killed: everything is in the log.
    private func killed(events: Int, limits: EventStore.Limits = .init()) async throws -> TemporaryDirectory {
        let fixture = try Fixture(limits: limits)
        for number in 0..<events { _ = await fixture.store.append(Sample.event("\(number)")) }
        let image = try TemporaryDirectory()
        for suffix in ["", "-wal", "-shm", ".reserve"] { try Shell.copy(fixture.directory.database + suffix, image.database + suffix) }
        return image
    }

    private func change(_ path: String, at offset: UInt64, to bytes: [UInt8]) throws {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }

    @Test func whatWasKilledIsWhole() async throws {
        let image = try await killed(events: 5)
        let store = try EventStore.open(path: image.database)
        #expect(store.findings == [])
        #expect(store.statistics().lastSeq == 5)
        store.close()
    }

    @Test func aDatabaseThatIsGoneIsNotMadeAnew() async throws {
        let image = try await killed(events: 1)
        for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: image.database + suffix) }
        #expect(code(image.database) == "database_missing")
        #expect(!FileManager.default.fileExists(atPath: image.database))
        try Data().write(to: URL(fileURLWithPath: image.database))
        #expect(code(image.database) == "database_missing")
        #expect(throws: StoreError.self) { try DatabaseFile(path: image.database).refuseLoss() }
        // The way out that the message names.
        try FileManager.default.removeItem(atPath: image.database + ".reserve")
        #expect(code(image.database) == nil)
    }

    @Test func aDatabaseWhoseWholeContentWasInALogThatIsGoneIsNotMadeAnew() async throws {
        let image = try await killed(events: 1)
        try FileManager.default.removeItem(atPath: image.database + "-wal")
        #expect(code(image.database) == "database_missing")
        #expect(throws: StoreError.self) { try Reader.open(path: image.database) }
    }

    @Test func theLogOfAnotherDatabaseIsRefusedAndNotCopied() async throws {
        let image = try await killed(events: 3)
        let other = try await killed(events: 7)
        for suffix in ["-wal", "-shm"] {
            try FileManager.default.removeItem(atPath: image.database + suffix)
            try Shell.copy(other.database + suffix, image.database + suffix)
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: image.database))
        #expect(code(image.database) == "database_foreign")
        #expect(throws: StoreError.self) { try Reader.open(path: image.database) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: image.database)) == before)
        #expect(DatabaseFile(path: image.database).logBytes > 0)
    }

    /// Its frames are whole, and would be written over newer pages.
    @Test func aLogThatIsNotTheOneInUseIsRefused() async throws {
        let image = try await killed(events: 3)
        let other = try await killed(events: 7)
        try FileManager.default.removeItem(atPath: image.database + "-wal")
        try Shell.copy(other.database + "-wal", image.database + "-wal")
        #expect(code(image.database) == "database_foreign")
        #expect(throws: StoreError.self) { try DatabaseFile(path: image.database).refuseExchangedLog() }
    }

    @Test(arguments: [true, false]) func aLogThatCannotBeReadToItsEndIsSaid(withIndex: Bool) async throws {
        let image = try await killed(events: 9)
        if !withIndex { try FileManager.default.removeItem(atPath: image.database + "-shm") }
        let frames = (DatabaseFile(path: image.database).logBytes - 32) / Connection.frameBytes
        try change(image.database + "-wal", at: UInt64(32 + (frames - 14) * Connection.frameBytes + 5_000), to: [0xFF, 0xFF, 0xFF])
        let store = try EventStore.open(path: image.database)
        #expect(store.findings.count == 1)
        #expect(store.findings.first?.contains("acknowledged: ask PPRO") == true)
        #expect((1..<9).contains(store.statistics().lastSeq))
        store.close()
        // Once.
        let again = try EventStore.open(path: image.database)
        #expect(again.findings == [])
        again.close()
    }

    @Test func aLogThatWasCutOffIsSaid() async throws {
        let image = try await killed(events: 9)
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: image.database + "-wal"))
        try handle.truncate(atOffset: UInt64(DatabaseFile(path: image.database).logBytes - 6 * Connection.frameBytes))
        try handle.close()
        let store = try EventStore.open(path: image.database)
        #expect(store.findings.first?.contains("acknowledged: ask PPRO") == true)
        store.close()
    }

    @Test func aTornLastTransactionIsNoLoss() async throws {
        let image = try await killed(events: 3)
        try FileManager.default.removeItem(atPath: image.database + "-shm")
        let log = UInt64(DatabaseFile(path: image.database).logBytes)
        try change(image.database + "-wal", at: log - 100, to: [0xFF, 0xFF, 0xFF])
        let store = try EventStore.open(path: image.database)
        #expect(store.findings.first?.contains("last transaction") == true)
        #expect(store.statistics().lastSeq == 2)
        store.close()
    }

    @Test(arguments: [20, 100, 16_384 * 9]) func pagesThatDoNotFitTogetherAreRefusedAndNotTouched(offset: UInt64) async throws {
        let image = try await killed(events: 3)
        try EventStore.open(path: image.database).close()
        try change(image.database, at: offset, to: [UInt8](repeating: 0xA5, count: 40))
        let before = try Data(contentsOf: URL(fileURLWithPath: image.database))
        let code = code(image.database)
        #expect(code == "database_corrupt" || code == "database_foreign")
        #expect(try Data(contentsOf: URL(fileURLWithPath: image.database)) == before)
    }

    @Test func aBodyThatWasChangedIsFound() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether((0..<3).map { Sample.event("\($0)") })
        #expect(try fixture.reader().damage() == [])
        try fixture.execute("UPDATE payload SET body = zeroblob(9) WHERE event = 2")
        #expect(try fixture.reader().damage() == ["the body of event 2 is not the one that was received"])
    }

    @Test func aStartThatFailsLeavesNothingNewBehind() async throws {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.database + ".reserve", withIntermediateDirectories: false)
        #expect(code(directory.database) == "database_unavailable")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["terima.db.lock", "terima.db.reserve"])
    }
}

import Foundation
import PaymentCore
import TestSupport
import Testing

@testable import EventStore

/// A copy of everything in one file, made while others write, and its way back.
@Suite struct BackupTests {
    private static let now = Instant(milliseconds: 1_780_479_767_123)

    private func mode(_ path: String) throws -> Int? { try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int }

    private func count(_ path: String) throws -> Int64? { try Fixture.integer("SELECT count(*) FROM event", at: path) }

    private func filled(_ events: Int, body: Int = 40) async throws -> Fixture {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether(
            (1...events).map { Sample.event("e\($0)", body: "\($0)" + String(repeating: "x", count: body), charge: "c\($0)", at: Int64($0)) })
        return fixture
    }

    @Test func aBackupIsOnePlainFileForItsOwner() async throws {
        let fixture = try await filled(5)
        let file = fixture.directory.file("copy.db")
        let report = try await fixture.store.backup(to: .file(file), now: Self.now)
        #expect(report.path == file)
        #expect(report.removed.isEmpty)
        #expect(report.contents.events == 5)
        #expect(report.contents.newestReceivedAt == Sample.at(5))
        #expect(try mode(file) == 0o600)
        #expect(try count(file) == 5)
        #expect(try Fixture.integer("SELECT journal_mode = 'delete' FROM pragma_journal_mode", at: file) == 1)
        #expect(try BackupFile(path: file).check() == report.contents)
        let left = try DurableFiles.names(in: fixture.directory.path).filter { $0.hasPrefix("copy") }
        #expect(left == ["copy.db"])
    }

    /// More pages than one slice has; the events that come between the slices are in the copy.
    @Test func whatIsStoredMeanwhileIsInTheCopy() async throws {
        let fixture = try await filled(400, body: 6_000)
        let file = fixture.directory.file("copy.db")
        let store = fixture.store
        let more = Task { for number in 1...40 { _ = await store.append(Sample.event("more\(number)")) } }
        let report = try await store.backup(to: .file(file), now: Self.now)
        await more.value
        #expect(report.contents.events >= 400)
        #expect(try BackupFile(path: file).check().events == report.contents.events)
        #expect(try fixture.integer("SELECT count(*) FROM event") == 440)
    }

    @Test func noFileIsOverwritten() async throws {
        let fixture = try await filled(1)
        let file = try fixture.directory.write("mine", to: "copy.db")
        let error = await #expect(throws: StoreError.self) { try await fixture.store.backup(to: .file(file), now: Self.now) }
        #expect(error?.kind == .backupExists)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        let database = fixture.directory.database
        await #expect(throws: StoreError.self) { try await fixture.store.backup(to: .file(database), now: Self.now) }
    }

    @Test func whatCannotBeWrittenLeavesNothing() async throws {
        let fixture = try await filled(1)
        let error = await #expect(throws: StoreError.self) {
            try await fixture.store.backup(to: .file(fixture.directory.file("missing/copy.db")), now: Self.now)
        }
        #expect(error?.kind == .backupFailed)
        // The next one has its turn.
        _ = try await fixture.store.backup(to: .file(fixture.directory.file("copy.db")), now: Self.now)
    }

    @Test func aBackupThatIsBrokenOffLeavesNothing() async throws {
        let fixture = try await filled(400, body: 6_000)
        let (store, directory) = (fixture.store, fixture.directory)
        let backup = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await store.backup(to: .file(directory.file("copy.db")), now: Self.now)
        }
        let error = await #expect(throws: StoreError.self) { try await backup.value }
        #expect(error?.kind == .interrupted)
        #expect(try DurableFiles.names(in: directory.path).filter { $0.hasPrefix("copy") }.isEmpty)
        _ = try await store.backup(to: .file(directory.file("copy.db")), now: Self.now)
    }

    @Test func oneAtATime() async throws {
        let fixture = try await filled(1)
        try await fixture.store.maintaining {
            let error = await #expect(throws: StoreError.self) { try await fixture.store.backup(to: .file(fixture.directory.file("b")), now: Self.now) }
            #expect(error?.kind == .maintenanceRunning)
        }
    }

    @Test func aDirectoryKeepsTheNewest() async throws {
        let fixture = try await filled(1)
        let directory = try TemporaryDirectory()
        for name in ["terima-20260101T000000Z.db", "terima-20260102T000000Z.db", "terima-mine.db", "terima-20260101T000000Z.db.partial", "other"] {
            try directory.write("", to: name)
        }
        let report = try await fixture.store.backup(to: .directory(directory.path, keep: 2), now: Self.now)
        #expect(report.path == directory.file("terima-20260603T094247Z.db"))
        #expect(report.removed == [directory.file("terima-20260101T000000Z.db"), directory.file("terima-20260101T000000Z.db.partial")])
        #expect(
            try DurableFiles.names(in: directory.path).filter { !$0.hasPrefix(".") }
                == ["other", "terima-20260102T000000Z.db", "terima-20260603T094247Z.db", "terima-mine.db"])
    }

    @Test func aBackupComesBack() async throws {
        let fixture = try await filled(3)
        let file = fixture.directory.file("copy.db")
        _ = try await fixture.store.backup(to: .file(file), now: Self.now)
        _ = await fixture.store.append(Sample.event("later"))
        fixture.store.close()
        let database = fixture.directory.database
        let report = try Restoration(of: file, to: database, now: Self.now).run()
        #expect(report.contents.events == 3)
        #expect(report.kept == [database + ".before-20260603T094247Z"])
        #expect(try count(report.kept[0]) == 4)
        #expect(try Fixture.lockTime(database) == Sample.at(3).milliseconds)
        let store = try EventStore.open(path: database)
        defer { store.close() }
        #expect(await store.append(Sample.event("later")) == .accepted(seq: 4))
        #expect(await store.append(Sample.event("e1", body: "1" + String(repeating: "x", count: 40))) == .duplicate(seq: 1))
        #expect(try count(file) == 3)
    }

    /// As after kill -9: the newest events are in the log only.
    @Test func theOldLogIsNotLost() async throws {
        let fixture = try await filled(3)
        let file = fixture.directory.file("copy.db")
        _ = try await fixture.store.backup(to: .file(file), now: Self.now)
        _ = await fixture.store.append(Sample.event("later"))
        let other = try TemporaryDirectory()
        for suffix in ["", "-wal"] { try Shell.copy(fixture.directory.database + suffix, other.database + suffix) }
        let report = try Restoration(of: file, to: other.database, now: Self.now).run()
        #expect(try count(report.kept[0]) == 4)
        #expect(try count(other.database) == 3)
        #expect(!DurableFiles.exists(other.database + "-wal"))
    }

    @Test func aDatabaseThatIsMissingOrDamagedIsReplaced() async throws {
        let fixture = try await filled(3)
        let file = fixture.directory.file("copy.db")
        _ = try await fixture.store.backup(to: .file(file), now: Self.now)
        for damage in [nil, "", "no database at all"] {
            let other = try TemporaryDirectory()
            if let damage {
                try other.write(damage, to: "terima.db")
                try other.write("no log", to: "terima.db-wal")
            }
            let report = try Restoration(of: file, to: other.database, now: Self.now).run()
            let names = report.kept.map { String($0.split(separator: "/").last?.dropFirst("terima.db.before-20260603T094247Z".count) ?? "") }
            #expect(names.filter { $0 != "-shm" } == (damage == nil ? [] : ["", "-wal"]))
            if let damage { #expect(try String(contentsOfFile: report.kept[0], encoding: .utf8) == damage) }
            #expect(try count(other.database) == 3)
        }
    }

    @Test func whatIsNoGoodBackupChangesNothing() async throws {
        let fixture = try await filled(200)
        let (directory, database) = (fixture.directory, fixture.directory.database)
        let good = directory.file("good.db")
        _ = try await fixture.store.backup(to: .file(good), now: Self.now)
        let locked = #expect(throws: StoreError.self) { try Restoration(of: good, to: database, now: Self.now).run() }
        #expect(locked?.kind == .databaseLocked)
        fixture.store.close()
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: good)))
        try Data(bytes.dropLast(Connection.pageSize)).write(to: URL(fileURLWithPath: directory.file("short.db")))
        for place in (3 * Connection.pageSize)..<(3 * Connection.pageSize + 64) { bytes[place] ^= 0xFF }
        try Data(bytes).write(to: URL(fileURLWithPath: directory.file("flipped.db")))
        try directory.write("", to: "empty.db")
        try directory.write("no database", to: "text.db")
        let foreign = try Connection(path: directory.file("foreign.db"), access: .readWrite)
        try foreign.execute("CREATE TABLE t (a)")
        try foreign.close()
        try Shell.copy(good, directory.file("gap.db"))
        let gap = try Connection(path: directory.file("gap.db"), access: .readWrite)
        try gap.execute("DELETE FROM payload WHERE event = 7; DELETE FROM event WHERE seq = 7")
        try gap.close()
        let before = try DurableFiles.names(in: directory.path)
        for name in ["short.db", "flipped.db", "empty.db", "text.db", "foreign.db", "gap.db", "nothing.db", "terima.db"] {
            let error = #expect(throws: StoreError.self, "\(name)") { try Restoration(of: directory.file(name), to: database, now: Self.now).run() }
            #expect(error?.kind == .backupInvalid, "\(name): \(error?.description ?? "")")
        }
        #expect(Set(try DurableFiles.names(in: directory.path)).symmetricDifference(before) == [])
        #expect(try count(database) == 200)
    }
}

import Foundation
import PaymentCore
import TestSupport
import Testing

@testable import EventStore

@Suite struct OpeningTests {
    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? StoreError)?.code ?? "\(error)"
        }
    }

    @Test func anEmptyDirectoryBecomesADatabaseOfTheNewestLayout() throws {
        let fixture = try Fixture()
        #expect(try fixture.integer("PRAGMA user_version") == Migrations.newestVersion)
        #expect(try fixture.integer("PRAGMA application_id") == Migrations.applicationID)
        #expect(try fixture.integer("PRAGMA page_size") == 16_384)
        #expect(try fixture.integer("PRAGMA auto_vacuum") == 2)
        #expect(try fixture.integer("SELECT count(*) FROM progress") == 1)
        #expect(try fixture.integer("SELECT count(*) FROM pragma_foreign_key_check") == 0)
    }

    @Test func theSettingsAreInForce() throws {
        let fixture = try Fixture()
        let expected = [
            ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("trusted_schema", "0"), ("mmap_size", "0"),
            ("wal_autocheckpoint", "0"), ("journal_size_limit", "67108864"), ("cache_size", "-32768"),
        ]
        try fixture.store.write("test") { transaction throws in
            for (name, value) in expected {
                let statement = try transaction.connection.prepare("PRAGMA \(name)")
                #expect(try statement.step())
                #expect(try statement.anyText() == value, "\(name)")
            }
        }
        // Defensive mode and no double-quoted strings.
        #expect(throws: StoreError.self) {
            try fixture.store.write("test") { try $0.connection.execute("INSERT INTO sqlite_schema VALUES ('a', 'a', 'a', 1, 'a')") }
        }
        #expect(throws: StoreError.self) { try fixture.store.write("test") { _ = try $0.connection.prepare(#"SELECT "no column""#) } }
    }

    @Test func aReaderCannotWrite() throws {
        let fixture = try Fixture()
        let reader = try fixture.reader()
        #expect(throws: StoreError.self) { try reader.connection.execute("DELETE FROM event") }
    }

    @Test func theFilesBelongToTheirOwnerAlone() throws {
        let fixture = try Fixture()
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.directory.database + suffix)
            #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o077 } == 0, "\(suffix)")
        }
    }

    @Test func aSecondWriterIsRefusedAndToldWho() throws {
        let fixture = try Fixture()
        do {
            _ = try EventStore.open(path: fixture.directory.database)
            Issue.record("two writers")
        } catch {
            #expect(error.code == "database_locked")
            #expect(error.message.contains("process \(ProcessInfo.processInfo.processIdentifier)"))
        }
        fixture.store.close()
        try EventStore.open(path: fixture.directory.database).close()
    }

    @Test func aNewerDatabaseIsRefusedAndNotTouched() throws {
        let fixture = try Fixture()
        try fixture.execute("PRAGMA user_version = 999")
        fixture.store.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: fixture.directory.database))
        #expect(code { _ = try EventStore.open(path: fixture.directory.database) } == "database_newer")
        #expect(code { _ = try Reader.open(path: fixture.directory.database) } == "database_newer")
        #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.directory.database)) == before)
    }

    @Test(arguments: ["CREATE TABLE theirs (a)", "PRAGMA application_id = 5", "PRAGMA user_version = 1"])
    func somebodyElsesDatabaseIsRefusedAndNotTouched(_ sql: String) throws {
        let directory = try TemporaryDirectory()
        let theirs = try Connection(path: directory.database, access: .readWrite)
        try theirs.execute(sql)
        try theirs.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: directory.database))
        #expect(code { _ = try EventStore.open(path: directory.database) } == "database_foreign")
        #expect(code { _ = try Reader.open(path: directory.database) } == "database_foreign")
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.database)) == before)
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        let directory = try TemporaryDirectory()
        try Data(String(repeating: "hello world ", count: 1_000).utf8).write(to: URL(fileURLWithPath: directory.database))
        #expect(code { _ = try EventStore.open(path: directory.database) } == "database_foreign")
    }

    @Test(arguments: [true, false])
    func aLogWithoutItsDatabaseIsNotThrownAway(_ isEmptyFileThere: Bool) async throws {
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.event("a"))
        let other = try TemporaryDirectory()
        try Shell.copy(fixture.directory.database + "-wal", other.database + "-wal")
        if isEmptyFileThere { try Data().write(to: URL(fileURLWithPath: other.database)) }
        #expect(code { _ = try EventStore.open(path: other.database) } == "database_missing")
        #expect(code { _ = try Reader.open(path: other.database) } == "database_missing")
        #expect(FileManager.default.fileExists(atPath: other.database + "-wal"))
    }

    @Test func whatCannotBeOpenedSaysSo() throws {
        let directory = try TemporaryDirectory()
        #expect(code { _ = try EventStore.open(path: directory.path + "/no/such/terima.db") } == "database_unavailable")
        #expect(code { _ = try EventStore.open(path: directory.path) } == "database_unavailable")
        #expect(code { _ = try Reader.open(path: directory.database) } == "database_missing")
    }

    /// Names that mean something else to SQLite are files here.
    @Test func aPathIsAPath() throws {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(path: directory.path + "/file:a?mode=memory")
        store.close()
        #expect(FileManager.default.fileExists(atPath: directory.path + "/file:a?mode=memory"))
    }

    @Test(arguments: [
        "DELETE FROM identity WHERE first = 1", "UPDATE identity SET fingerprints = zeroblob(2048 * 8)", "UPDATE identity SET first = 2 WHERE first = 1025",
    ]) func aDuplicateCheckThatDoesNotFitTheEventsIsDamage(sql: String) async throws {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether((0..<2_100).map { Sample.event("\($0)") })
        try fixture.execute(sql)
        fixture.store.close()
        #expect(code { _ = try EventStore.open(path: fixture.directory.database) } == "database_corrupt")
    }

    /// Room for so many fingerprints would be 68 GB.
    @Test func aNumberThatNoFileCouldHoldIsDamageAndTakesNoMemory() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether((0..<3).map { Sample.event("\($0)") })
        fixture.store.close()
        let damaged = try Connection(path: fixture.directory.database, access: .readWrite)
        try damaged.execute("UPDATE payload SET event = \(UInt32.max) WHERE event = 3; UPDATE event SET seq = \(UInt32.max) WHERE seq = 3")
        try damaged.close()
        // A large database is not looked through first.
        var limits = EventStore.Limits()
        limits.checkedBytes = 0
        #expect(code { _ = try EventStore.open(path: fixture.directory.database, limits: limits) } == "database_corrupt")
    }

    @Test func aDuplicateCheckThatEndsEarlyIsMadeAnew() async throws {
        let fixture = try Fixture()
        let events = (0..<2_100).map { Sample.event("\($0)") }
        _ = await fixture.store.appendTogether(events)
        try fixture.execute("DELETE FROM identity")
        fixture.store.close()
        let again = try Fixture(in: fixture.directory)
        #expect(await again.store.appendTogether(events) == (1...2_100).map { .duplicate(seq: $0) })
        #expect(try Fixture.integer("SELECT sum(length(fingerprints)) / 8 FROM identity", at: fixture.directory.database) == 2_048)
    }

    @Test func closingEmptiesTheLogAndReopeningKnowsEverything() async throws {
        let fixture = try Fixture()
        let events = (0..<100).map { Sample.event("\($0)") }
        _ = await fixture.store.appendTogether(events)
        #expect(fixture.store.statistics().logBytes > 0)
        #expect(fixture.store.statistics().lastSeq == 100)
        fixture.store.close()
        #expect(DatabaseFile(path: fixture.directory.database).logBytes == 0)
        let again = try Fixture(in: fixture.directory)
        #expect(again.store.statistics().lastSeq == 100)
        #expect(await again.store.appendTogether(events) == (1...100).map { .duplicate(seq: $0) })
        #expect(await again.store.append(Sample.event("new")) == .accepted(seq: 101))
    }
}

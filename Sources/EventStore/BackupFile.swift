package import PaymentCore

/// A backup: one SQLite file without a log, for its owner alone. Everything here blocks.
package struct BackupFile {
    package let path: String

    package init(path: String) { self.path = path }

    /// What is in it.
    package struct Contents: Sendable, Equatable {
        package var bytes: Int64
        package var events: Int64
        package var charges: Int64
        /// When the newest event came; nil when there is none.
        package var newestReceivedAt: Instant?
    }

    private static let counts =
        "SELECT count(*), coalesce(max(seq), 0), (SELECT count(*) FROM charge), (SELECT received_at FROM event ORDER BY seq DESC LIMIT 1) FROM event"

    /// Whether it is a database of terima's that can be restored, by its first page alone.
    /// - Throws: `backup_invalid`, and `database_newer` for one of a later terima.
    package func examine() throws(StoreError) { _ = try open() }

    /// Reads the whole file: the structure of tables and indexes, every constraint, and that no event is missing among them.
    /// - Throws: `backup_invalid` with what is wrong, and `database_newer`.
    package func check() throws(StoreError) -> Contents {
        let connection = try open()
        do throws(StoreError) {
            let damage = try connection.rows(of: try connection.prepare("PRAGMA integrity_check(1)"), []) { row throws(StoreError) in try row.text() }
            guard damage == ["ok"] else { throw invalid("SQLite finds damage: \(damage.first ?? "no answer")") }
            let orphans = try connection.rows(of: try connection.prepare("PRAGMA foreign_key_check"), []) { row throws(StoreError) in try row.text() }
            if let table = orphans.first { throw invalid("a row of the table \(table) points at one that is missing") }
            let found = try connection.rows(of: try connection.prepare(Self.counts), []) { row throws(StoreError) in
                (count: try row.integer(), last: try row.integer(), charges: try row.integer(), newest: try row.timeOrNil())
            }.first
            guard let found, found.count == found.last else {
                throw invalid("events are missing: the newest is \(found?.last ?? 0), there are \(found?.count ?? 0)")
            }
            try connection.close()
            return Contents(bytes: DatabaseFile(path: path).bytes, events: found.count, charges: found.charges, newestReceivedAt: found.newest)
        } catch let error where error.kind == .databaseCorrupt { throw invalid(error.message) }
    }

    /// Turns a copy of the database, which says of itself that it has a log, into one plain file.
    func makePlain() throws(StoreError) {
        let connection = try Connection(path: path, access: .readWrite)
        try connection.execute("PRAGMA synchronous = FULL")
        guard try connection.settle(journalMode: "delete") else { throw StoreError(.backupFailed, message: "\(path) cannot be made a file without a log") }
        try connection.close()
        try DurableFiles.sync(path)
    }

    private func open() throws(StoreError) -> Connection {
        let file = DatabaseFile(path: path)
        guard file.exists else { throw StoreError(.backupInvalid, message: "there is no file \(path)") }
        guard file.bytes > 0 else { throw invalid("it is empty") }
        guard file.logBytes == 0 else {
            throw invalid("\(path)-wal lies beside it, so it is the file of a database in use and not a backup; make one with `terima backup`")
        }
        do throws(StoreError) {
            let connection = try Connection(path: path, access: .readOnly)
            try connection.harden()
            guard case .ours = try Migrations.examine(connection) else { throw invalid("there is nothing in it") }
            return connection
        } catch let error where error.kind == .databaseForeign { throw invalid(error.message) }
    }

    private func invalid(_ why: String) -> StoreError { StoreError(.backupInvalid, message: "\(path) cannot be used as a backup: \(why)") }
}

extension Connection {
    /// False: SQLite did not take it.
    fileprivate func settle(journalMode: StaticString) throws(StoreError) -> Bool {
        try execute("PRAGMA journal_mode = \(journalMode)")
        return try value(of: "journal_mode") == "\(journalMode)"
    }
}

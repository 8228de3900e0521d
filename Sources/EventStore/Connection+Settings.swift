import CSQLite

extension Connection {
    /// A new database has pages of this size: the measured optimum for rows of a few kilobytes.
    static let pageSize = 16_384
    /// Of one page in the write-ahead log: https://sqlite.org/fileformat2.html#the_write_ahead_log
    static let frameBytes = Int64(pageSize) + 24
    /// Values, statements and rows longer than this are refused; a body is at most a fraction of it.
    private static let lengthLimitBytes: Int32 = 64 << 20
    /// The write-ahead log is cut back to this size when it starts anew.
    private static let journalSizeLimitBytes = 64 << 20

    /// What every connection is opened with, before anything is read.
    func harden() throws(StoreError) {
        try setFlag(SQLITE_DBCONFIG_DEFENSIVE, true)
        try setFlag(SQLITE_DBCONFIG_DQS_DML, false)
        try setFlag(SQLITE_DBCONFIG_DQS_DDL, false)
        limitLength(bytes: Self.lengthLimitBytes)
        try set("trusted_schema", to: "0")
        try set("mmap_size", to: "0")
        try set("temp_store", to: "2")
    }

    /// The writer's settings, each proved by reading it back. `isNew`: the file is empty, so its layout can still be chosen.
    func applyWriterSettings(isNew: Bool) throws(StoreError) {
        if isNew {
            try set("page_size", to: "\(Self.pageSize)")
            // 2: INCREMENTAL
            try set("auto_vacuum", to: "2")
        }
        try set("journal_mode", to: "wal")
        // 2: FULL. Every commit is synced before it returns.
        try set("synchronous", to: "2")
        try set("foreign_keys", to: "1")
        // What is deleted is overwritten with zeros: personal data that was purged or erased is to be gone from the file.
        try set("secure_delete", to: "1")
        try set("cache_size", to: "-32768")
        try set("journal_size_limit", to: "\(Self.journalSizeLimitBytes)")
        // SQLite's own automatic checkpoint discards its errors (sqlite3WalDefaultHook), a failed sync among them: the writer checkpoints itself.
        try set("wal_autocheckpoint", to: "0")
    }

    /// A reader's settings, each proved by reading it back.
    func applyReaderSettings() throws(StoreError) {
        setBusyTimeout(milliseconds: 5_000)
        try keepLogOnClose()
        try set("query_only", to: "1")
        try set("cache_size", to: "-8192")
        try set("wal_autocheckpoint", to: "0")
        guard try value(of: "journal_mode") == "wal" else { throw refused("journal_mode", "wal") }
    }

    /// Sets a PRAGMA and reads it back: SQLite ignores what it does not know or cannot do.
    private func set(_ name: StaticString, to value: String) throws(StoreError) {
        try execute("PRAGMA \(name) = \(value)")
        guard try self.value(of: name) == value else { throw refused(name, value) }
    }

    /// The value of a PRAGMA as text.
    func value(of name: StaticString) throws(StoreError) -> String {
        let statement = try prepare("PRAGMA \(name)")
        guard try statement.step() else { return "" }
        return try statement.anyText()
    }

    private func refused(_ name: StaticString, _ value: String) -> StoreError {
        StoreError(.settingRefused, message: "SQLite did not take \(name) = \(value)")
    }
}

import CSQLite
import SystemPackage

/// One handle of SQLite with the statements it keeps. Not Sendable: it lives on one queue (`Confined`).
@safe
final class Connection {
    /// Once a process, before SQLite is initialised by the first connection; when somebody else was first, nothing but speed is lost.
    private static let isMemoryUncounted = terima_sqlite3_stop_counting_memory() == SQLITE_OK

    enum Access {
        /// Opens and, if the file is empty, creates.
        case readWrite
        /// Never writes, never checkpoints.
        case readOnly
    }

    let path: String
    private(set) var handle: OpaquePointer?
    private var kept: [ObjectIdentifier: Statement] = [:]
    /// Between BEGIN and COMMIT.
    private var isInTransaction = false
    /// The error at which SQLite ended the transaction by itself (https://sqlite.org/lang_transaction.html section 3). Until ROLLBACK nothing more
    /// may run: each statement would commit alone.
    private var endedBy: StoreError?

    /// Throws `database_unavailable` and the like. The settings are not applied yet.
    init(path: String, access: Access) throws(StoreError) {
        self.path = path
        _ = Self.isMemoryUncounted
        // The connection is confined to one queue, so SQLite's own mutex would only cost.
        let flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (access == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY)
        var opened: OpaquePointer?
        let result = unsafe sqlite3_open_v2(Self.plainFile(path), &opened, flags, nil)
        unsafe handle = opened
        guard result == SQLITE_OK else { throw error(result, sql: nil) }
    }

    deinit {
        kept.removeAll()
        _ = unsafe sqlite3_close_v2(handle)
    }

    /// Debian builds SQLite with URI names switched on, and `:memory:` is no file: both are kept out by a leading directory.
    private static func plainFile(_ path: String) -> String { path.utf8.first == UInt8(ascii: "/") ? path : "./" + path }

    /// Finalises every statement and closes the handle. Idempotent.
    func close() throws(StoreError) {
        guard unsafe handle != nil else { return }
        kept.removeAll()
        let result = unsafe sqlite3_close(handle)
        guard result == SQLITE_OK else { throw error(result, sql: nil) }
        unsafe handle = nil
    }

    /// SQL of every statement that was kept so far.
    var keptSQL: [String] { kept.values.map(\.sql) }

    /// The kept statement for `sql`, compiled on first use.
    func statement(_ sql: SQL) throws(StoreError) -> Statement {
        if let endedBy { throw endedBy }
        if let statement = kept[ObjectIdentifier(sql)] { return statement }
        let statement = try prepare(sql.text, isKept: true)
        kept[ObjectIdentifier(sql)] = statement
        return statement
    }

    func enterTransaction() { isInTransaction = true }

    func leaveTransaction() {
        isInTransaction = false
        endedBy = nil
    }

    /// Compiles a statement for one use.
    func prepare(_ sql: String, isKept: Bool = false) throws(StoreError) -> Statement {
        if let endedBy { throw endedBy }
        var compiled: OpaquePointer?
        let flags = isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        let result = unsafe sqlite3_prepare_v3(handle, sql, -1, flags, &compiled, nil)
        guard result == SQLITE_OK, let compiled = unsafe compiled else { throw error(result, sql: sql) }
        return unsafe Statement(compiled, sql: sql, connection: self)
    }

    /// Runs one or more statements without values and without rows.
    func execute(_ sql: String) throws(StoreError) {
        let result = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard result == SQLITE_OK else { throw error(result, sql: sql) }
    }

    /// Sets a flag of `sqlite3_db_config` and proves that it took.
    func setFlag(_ option: Int32, _ on: Bool) throws(StoreError) {
        var now: Int32 = -1
        let result = unsafe terima_sqlite3_set_flag(handle, option, on ? 1 : 0, &now)
        guard result == SQLITE_OK, now == (on ? 1 : 0) else {
            throw StoreError(.settingRefused, extended: result, message: "SQLite did not take configuration flag \(option)")
        }
    }

    /// SQLite would otherwise copy and delete the log when the last connection is closed.
    func keepLogOnClose(_ keeps: Bool = true) throws(StoreError) { try setFlag(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keeps) }

    func setBusyTimeout(milliseconds: Int32) { _ = unsafe sqlite3_busy_timeout(handle, milliseconds) }

    /// No value longer than this is stored or read: https://sqlite.org/c3ref/limit.html
    func limitLength(bytes: Int32) { _ = unsafe sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, bytes) }

    /// False while a transaction is open.
    var isAutocommit: Bool { unsafe sqlite3_get_autocommit(handle) != 0 }

    /// Rows changed since the connection was opened.
    var totalChanges: Int64 { unsafe sqlite3_total_changes64(handle) }

    /// Rows changed by the last INSERT or UPDATE.
    var changes: Int { Int(unsafe sqlite3_changes64(handle)) }

    /// The rowid of the last INSERT.
    var lastInsertedSeq: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// Rows that the last INSERT or UPDATE touched.
    var changedRows: Int { unsafe Int(sqlite3_changes(handle)) }

    /// Pages written since the last call.
    func takePagesWritten() -> Int {
        var count: Int32 = 0
        var unused: Int32 = 0
        let result = unsafe sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_WRITE, &count, &unused, 1)
        return result == SQLITE_OK ? Int(count) : 0
    }

    enum Checkpoint { case passive, truncate }

    /// Copies the write-ahead log into the database file, as far as no reader is in the way. Returns the number of frames in the log, those already copied included; 0 only
    /// when it is known to be empty.
    @discardableResult
    func checkpoint(_ mode: Checkpoint) throws(StoreError) -> Int {
        var logFrames: Int32 = 0
        var copiedFrames: Int32 = 0
        let how = mode == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        let result = unsafe sqlite3_wal_checkpoint_v2(handle, "main", how, &logFrames, &copiedFrames)
        let isBusy = result & 0xFF == SQLITE_BUSY
        guard result == SQLITE_OK || isBusy else { throw error(result, sql: nil) }
        // Somebody else who copies it keeps SQLite from counting: then it says -1.
        return Int(max(logFrames, isBusy ? 1 : 0))
    }

    /// The error for a result code, with SQLite's own sentence. Its sentences name tables and columns, never values.
    func error(_ result: Int32, sql: String?) -> StoreError {
        guard let handle = unsafe handle else { return StoreError(.closed, sql: sql, message: "the connection is closed") }
        let extended = unsafe max(result, sqlite3_extended_errcode(handle) & 0xFF == result & 0xFF ? sqlite3_extended_errcode(handle) : result)
        let systemError = unsafe sqlite3_system_errno(handle)
        let text = unsafe sqlite3_errmsg(handle).map { unsafe String(cString: $0) } ?? "no message"
        let kind = StoreError.kind(extended: extended, systemError: systemError)
        let isDisk = extended & 0xFF == SQLITE_IOERR || extended & 0xFF == SQLITE_CANTOPEN
        let cause = isDisk && systemError != 0 ? ": \(Errno(rawValue: systemError).description)" : ""
        let error = StoreError(kind, extended: extended, sql: sql, message: text + cause)
        if isInTransaction, isAutocommit, endedBy == nil { endedBy = error }
        return error
    }
}

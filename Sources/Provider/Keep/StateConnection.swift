internal import CSQLite
internal import SystemPackage

/// SQLite on the state file: one table, a row for each thing. Not Sendable: it lives behind the lock of `StateFile`.
@safe
final class StateConnection {
    /// Marks the file as ours (https://sqlite.org/pragma.html#pragma_application_id): "pprs".
    private static let applicationId: Int64 = 0x7070_7273

    private let path: String
    private var handle: OpaquePointer?

    /// Opens the file, or makes one that only its owner can read: there is personal data in it.
    /// - Throws: When it cannot be opened, is no state file, or another process has it.
    init(path: String) throws(StateFileError) {
        self.path = path
        // A leading directory keeps SQLite's URI names and `:memory:` out.
        let plain = path.hasPrefix("/") ? path : "./" + path
        let mode: FilePermissions = [.ownerRead, .ownerWrite]
        try? FileDescriptor.open(FilePath(plain), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: mode).close()
        var opened: OpaquePointer?
        let result = unsafe sqlite3_open_v2(plain, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        unsafe handle = opened
        guard result == SQLITE_OK else { throw error() }
        try prepareFile()
    }

    deinit { close() }

    /// Gives the file up. Nothing can be read or written afterwards.
    func close() {
        _ = unsafe sqlite3_close_v2(handle)
        unsafe handle = nil
    }

    /// Nothing is changed before the file is known to be ours or empty.
    private func prepareFile() throws(StateFileError) {
        try execute("PRAGMA locking_mode = EXCLUSIVE")
        let isEmpty = try integer("SELECT count(*) FROM sqlite_schema") == 0
        let found = (try integer("PRAGMA application_id"), try integer("PRAGMA user_version"))
        guard isEmpty || found == (Self.applicationId, 1) else { throw StateFileError("\(path) is no state file of this version of ppro-sandbox") }
        // A killed process loses nothing; the machine's power failing may lose the last moments.
        try execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        try execute(
            """
            BEGIN IMMEDIATE;
            CREATE TABLE IF NOT EXISTS kept (
                kind TEXT NOT NULL CHECK (kind IN ('charge', 'key', 'webhook')),
                id TEXT NOT NULL,
                json TEXT NOT NULL,
                PRIMARY KEY (kind, id)
            ) STRICT, WITHOUT ROWID;
            PRAGMA application_id = \(Self.applicationId);
            PRAGMA user_version = 1;
            COMMIT
            """)
    }

    /// All of it, in no order.
    func rows() throws(StateFileError) -> [KeptRow] {
        let statement = try prepare("SELECT kind, id, json FROM kept")
        var rows: [KeptRow] = []
        while try step(statement) {
            guard let kind = KeptRow.Kind(rawValue: statement.text(0)) else { continue }
            rows.append(KeptRow(kind: kind, id: statement.text(1), json: Array(statement.text(2).utf8)))
        }
        return rows
    }

    /// All or nothing.
    func write(_ rows: [KeptRow]) throws(StateFileError) {
        try execute("BEGIN IMMEDIATE")
        do throws(StateFileError) {
            for row in rows { try write(row) }
            try execute("COMMIT")
        } catch {
            try? execute("ROLLBACK")
            throw error
        }
    }

    private func write(_ row: KeptRow) throws(StateFileError) {
        let isForgotten = row.json == nil
        let statement = try prepare(isForgotten ? "DELETE FROM kept WHERE kind = ? AND id = ?" : "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)")
        let values = [Array(row.kind.rawValue.utf8), Array(row.id.utf8), row.json].compactMap(\.self)
        for (index, bytes) in values.enumerated() {
            guard statement.bind(bytes, at: Int32(clamping: index + 1)) else { throw error() }
        }
        _ = try step(statement)
    }

    private func integer(_ sql: String) throws(StateFileError) -> Int64 {
        let statement = try prepare(sql)
        return try step(statement) ? statement.integer : 0
    }

    private func execute(_ sql: String) throws(StateFileError) {
        guard unsafe handle != nil, unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw error() }
    }

    private func prepare(_ sql: String) throws(StateFileError) -> StateStatement {
        var compiled: OpaquePointer?
        guard unsafe handle != nil else { throw error() }
        let result = unsafe sqlite3_prepare_v2(handle, sql, -1, &compiled, nil)
        guard result == SQLITE_OK, let compiled = unsafe compiled else { throw error() }
        return unsafe StateStatement(compiled)
    }

    private func step(_ statement: StateStatement) throws(StateFileError) -> Bool {
        switch statement.step() {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw error()
        }
    }

    /// SQLite's own sentence about the last error; it names tables and columns, never values.
    private func error() -> StateFileError {
        guard unsafe handle != nil else { return StateFileError("\(path) is closed") }
        let code = unsafe sqlite3_errcode(handle) & 0xFF
        if code == SQLITE_BUSY { return StateFileError("\(path) is in use by another process") }
        return StateFileError("\(path): \(unsafe sqlite3_errmsg(handle).map { unsafe String(cString: $0) } ?? "no message")")
    }
}

/// One compiled statement, for one use.
@safe
private final class StateStatement {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { _ = unsafe sqlite3_finalize(handle) }

    func step() -> Int32 { unsafe sqlite3_step(handle) }

    /// Binds UTF-8 text; false when that fails.
    func bind(_ utf8: [UInt8], at position: Int32) -> Bool {
        unsafe utf8.withUnsafeBytes { unsafe terima_sqlite3_bind_copied_text(handle, position, $0.baseAddress, UInt64($0.count)) } == SQLITE_OK
    }

    /// The first column.
    var integer: Int64 { unsafe sqlite3_column_int64(handle, 0) }

    func text(_ column: Int32) -> String {
        // The text first, then its length: https://sqlite.org/c3ref/column_blob.html
        guard let start = unsafe sqlite3_column_text(handle, column) else { return "" }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
}

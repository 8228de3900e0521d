import CSQLite

/// A copy of the database under way, page by page (https://sqlite.org/c3ref/backup_finish.html). It is made by the writer's own connection: what that writes
/// meanwhile goes into the copy as well, so the copy never begins anew, and no reader keeps the write-ahead log from being emptied. On the writer's queue.
@safe
final class BackupCopy {
    private let target: Connection
    private var handle: OpaquePointer?

    /// - Parameter path: an empty file.
    init(of source: Connection, to path: String) throws(StoreError) {
        target = try Connection(path: path, access: .readWrite)
        // What is unfinished is thrown away, so it needs neither a journal nor a sync before its end.
        try target.execute("PRAGMA journal_mode = OFF")
        try target.execute("PRAGMA synchronous = OFF")
        unsafe handle = sqlite3_backup_init(target.handle, "main", source.handle, "main")
        guard unsafe handle != nil else { throw Self.failure(target.error(SQLITE_ERROR, sql: nil)) }
    }

    deinit { if let handle = unsafe handle { _ = unsafe sqlite3_backup_finish(handle) } }

    /// Copies so many pages more. True: that was the last.
    func step(pages: Int32) throws(StoreError) -> Bool {
        let result = unsafe sqlite3_backup_step(handle, pages)
        switch result {
        case SQLITE_OK: return false
        case SQLITE_DONE: return true
        default: throw Self.failure(target.error(result, sql: nil))
        }
    }

    /// Closes the copy. It is not synced.
    func finish() throws(StoreError) {
        guard let open = unsafe handle else { return }
        unsafe handle = nil
        let result = unsafe sqlite3_backup_finish(open)
        guard result == SQLITE_OK else { throw Self.failure(target.error(result, sql: nil)) }
        try target.close()
    }

    private static func failure(_ error: StoreError) -> StoreError {
        StoreError(.backupFailed, extended: error.extended, message: "the copy cannot be written to its end: \(error.message)")
    }
}

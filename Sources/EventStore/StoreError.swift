/// What went wrong in the store: a stable code for programs, the facts for people, and never a value that was bound to a statement.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The closed set of reasons. Raw values are stable: they stand in answers, logs and exit messages.
    package enum Kind: String, Sendable, CaseIterable {
        /// No space left on the device or in the quota. Passes by itself when there is space again.
        case storageFull = "storage_full"
        /// The write-ahead log has grown to its cap, because a reader holds on to an old state. Passes by itself when that reader is gone.
        case logFull = "log_full"
        /// The disk refused to read or write.
        case storageIO = "storage_io"
        /// A sync failed: the kernel may have dropped the pages, so nothing can be promised any more until a restart has recovered. Final.
        case syncFailed = "sync_failed"
        /// A transaction could neither be committed nor rolled back. Final.
        case rollbackFailed = "rollback_failed"
        /// The file is damaged. Final.
        case databaseCorrupt = "database_corrupt"
        /// Another process holds the lock file.
        case databaseLocked = "database_locked"
        /// Written by a later version of terima.
        case databaseNewer = "database_newer"
        /// Written by an earlier version of terima and not yet migrated; only readers say so.
        case databaseOlder = "database_older"
        /// A file that terima did not make.
        case databaseForeign = "database_foreign"
        /// The database file is not there, or its write-ahead log is there without it.
        case databaseMissing = "database_missing"
        /// The file or its directory cannot be opened or written.
        case databaseUnavailable = "database_unavailable"
        /// Another connection held a lock for longer than the busy timeout.
        case databaseBusy = "database_busy"
        /// SQLite did not take a setting that the promises rest on.
        case settingRefused = "setting_refused"
        /// The schema refused a row.
        case constraint = "constraint"
        /// A value longer than SQLite's limit.
        case tooLarge = "too_large"
        /// An attempt was recorded for a delivery that has moved on since.
        case attemptStale = "attempt_stale"
        /// There is a file of that name already.
        case backupExists = "backup_exists"
        /// The file that is to be restored is damaged, incomplete or no backup.
        case backupInvalid = "backup_invalid"
        /// A backup could not be written, or a restored database not put into its place.
        case backupFailed = "backup_failed"
        /// A backup, a purge or an erasure is under way, and only one goes at a time.
        case maintenanceRunning = "maintenance_running"
        /// The work was broken off because the service stops or the client has gone.
        case interrupted
        /// The store was closed.
        case closed = "store_closed"
        /// SQLite reported something that none of the others covers.
        case unexpected = "unexpected"
    }

    package var kind: Kind
    /// SQLite's extended result code; 0 where SQLite was not asked.
    package var extended: Int32
    /// The statement without its values.
    package var sql: String?
    /// A sentence for people; no bound values.
    package var message: String
    /// The label of the write that failed.
    package var during: String?

    package init(_ kind: Kind, extended: Int32 = 0, sql: String? = nil, message: String) {
        self.kind = kind
        self.extended = extended
        self.sql = sql
        self.message = message
    }

    package var code: String { kind.rawValue }

    /// Nothing is acknowledged any more after such an error; only a restart helps.
    package var isFinal: Bool {
        switch kind {
        case .syncFailed, .rollbackFailed, .databaseCorrupt: true
        default: false
        }
    }

    /// Says something about the state of the disk rather than about one row or one caller.
    var concernsStorage: Bool { isFinal || kind == .storageFull || kind == .storageIO }

    /// Caused by the values of one row, so that other rows of the same transaction may still be stored.
    var concernsOneRow: Bool { kind == .constraint || kind == .tooLarge }

    /// With what helps against damage in the file at `path`.
    package func advising(_ path: String) -> StoreError {
        guard kind == .databaseCorrupt else { return self }
        var error = self
        error.message = "\(path) is damaged (\(message)); keep a copy of it and its -wal, and restore a backup"
        return error
    }

    package var description: String {
        var text = "\(code): \(message)"
        if let during { text += " (during \(during))" }
        if extended != 0 { text += " [SQLite \(extended)]" }
        return text
    }
}

import CSQLite
import SystemPackage

extension StoreError {
    // The extended codes are macros with shifts, which Swift does not import: https://sqlite.org/rescode.html
    private static let syncCodes: Set<Int32> = [SQLITE_IOERR | (4 << 8), SQLITE_IOERR | (5 << 8)]

    /// Sorts a result of SQLite into `Kind`. `systemError` is errno of the failing call, as `sqlite3_system_errno` gives it.
    static func kind(extended: Int32, systemError: Int32) -> Kind {
        // A sync that fails for want of space comes first: what the kernel dropped does not come back with the space.
        if syncCodes.contains(extended) { return .syncFailed }
        // Growing the -shm file on a full disk is reported as an I/O error, not as SQLITE_FULL.
        let noSpace = [Errno.noSpace, .diskQuotaExceeded].contains { $0.rawValue == systemError }
        switch extended & 0xFF {
        case SQLITE_FULL: return .storageFull
        case SQLITE_IOERR: return noSpace ? .storageFull : .storageIO
        case SQLITE_CORRUPT, SQLITE_NOTADB: return .databaseCorrupt
        case SQLITE_BUSY, SQLITE_LOCKED: return .databaseBusy
        case SQLITE_CONSTRAINT, SQLITE_MISMATCH: return .constraint
        case SQLITE_TOOBIG: return .tooLarge
        case SQLITE_CANTOPEN: return noSpace ? .storageFull : .databaseUnavailable
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: return .databaseUnavailable
        default: return .unexpected
        }
    }
}

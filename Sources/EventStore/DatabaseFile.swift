import Glibc
import SystemPackage

/// The files of a database, looked at from outside. Never opened here: closing any descriptor of the file would drop SQLite's POSIX locks
/// (https://sqlite.org/howtocorrupt.html section 2.2), so sizes come from `stat` and creation happens before SQLite opens.
package struct DatabaseFile {
    package let path: String

    package init(path: String) { self.path = path }

    /// nil: not there.
    private static func size(_ path: String) -> Int64? { try? FilePath(path).stat().size }

    /// 0 when it is not there; as the log's.
    package var bytes: Int64 { Self.size(path) ?? 0 }
    package var logBytes: Int64 { Self.size(path + "-wal") ?? 0 }
    var exists: Bool { Self.size(path) != nil }

    /// Refuses a write-ahead log without its database: SQLite would delete the log, and with it events that were acknowledged.
    func refuseOrphanedLog() throws(StoreError) {
        guard bytes == 0, logBytes > 0 else { return }
        throw StoreError(
            .databaseMissing, message: "\(path) is \(exists ? "empty" : "missing") but \(path)-wal is there: put the database file back beside it")
    }

    /// Refuses the database of another user: what root makes beside it the service could not open afterwards.
    func refuseOtherOwner() throws(StoreError) {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0, facts.st_uid != geteuid() else { return }
        throw StoreError(
            .databaseUnavailable,
            message:
                "\(path) belongs to uid \(facts.st_uid), this is uid \(geteuid()); run as that user (sudo -u '#\(facts.st_uid)'), or chown the file and those beside it"
        )
    }

    /// Refuses to begin with an empty database where there was one.
    package func refuseLoss() throws(StoreError) {
        guard bytes == 0, DiskReserve.note(database: path) != nil else { return }
        throw StoreError(
            .databaseMissing,
            message: "\(path) is \(exists ? "empty" : "missing") but there was a database: put it back with its -wal, or restore a backup; "
                + "to begin with an empty one remove \(DiskReserve.file(path))")
    }

    /// Refuses a write-ahead log that is not the one that was in use: SQLite would write its pages over newer ones.
    package func refuseExchangedLog() throws(StoreError) { try refuseExchangedLog(LogScan(database: path)) }

    func refuseExchangedLog(_ scan: LogScan) throws(StoreError) {
        guard scan.isExchanged else { return }
        throw StoreError(
            .databaseForeign,
            message: "\(path)-wal is not the write-ahead log that was last in use: put the right one back, or restore a backup; "
                + "only if you are sure that it is the right one remove \(path)-shm")
    }

    /// Makes the names of the files beside the database durable. A failure is final: a file that cannot be found after a power cut is lost.
    func syncDirectory() throws(StoreError) {
        let directory = FilePath(path).removingLastComponent()
        do {
            let descriptor = try FileDescriptor.open(directory.isEmpty ? "." : directory, .readOnly, options: [.directory, .closeOnExec])
            defer { try? descriptor.close() }
            guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            throw StoreError(.syncFailed, message: "cannot sync the directory of \(path): \(error)")
        }
    }

    /// Takes away what a start that failed has created: the reserve first, since it says that there is a database.
    func remove() { for suffix in [".reserve", "-wal", "-shm", ""] { _ = unsafe unlink(path + suffix) } }

    /// Creates the file readable by its owner alone, because it holds payments; SQLite gives -wal and -shm the same mode. False: it was there.
    func createIfMissing() throws(StoreError) -> Bool {
        guard !exists else { return false }
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: [.ownerRead, .ownerWrite])
            try descriptor.close()
            return true
        } catch {
            throw StoreError(.databaseUnavailable, message: "cannot create \(path): \(error)")
        }
    }
}

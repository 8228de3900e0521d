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

    /// Creates the file readable by its owner alone, because it holds payments; SQLite gives -wal and -shm the same mode.
    func createIfMissing() throws(StoreError) {
        guard !exists else { return }
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: [.ownerRead, .ownerWrite])
            try descriptor.close()
        } catch {
            throw StoreError(.databaseUnavailable, message: "cannot create \(path): \(error)")
        }
    }
}

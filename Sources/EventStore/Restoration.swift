package import PaymentCore

/// Puts a backup into the place of the database while no service has it open. Blocks.
///
/// The order is what makes it safe to be killed in: the backup is copied beside the database and checked there; the old database takes in its own log, so that
/// nothing is lost with that; the old files get second names; only then their first names are taken away and given to the new file in one rename. The old log
/// goes before the new database comes: SQLite would write its pages into it.
package struct Restoration {
    /// While it is copied and checked.
    static let unfinished = ".restoring"

    private let database: String
    private let backup: String
    private let now: Instant

    /// - Parameter database: where the service looks for it; need not be there, nor be whole.
    package init(of backup: String, to database: String, now: Instant) {
        (self.database, self.backup, self.now) = (database, backup, now)
    }

    /// What was put where.
    package struct Report: Sendable, Equatable {
        package var contents: BackupFile.Contents
        /// The old files under their new names.
        package var kept: [String]
    }

    /// - Throws: `database_locked` when the service runs; `backup_invalid`, `database_newer` and `backup_failed` before anything was changed, and what the disk
    ///   says.
    package func run() throws(StoreError) -> Report {
        let lock: LockFile
        do throws(StoreError) { lock = try LockFile(path: database + ".lock") } catch var error {
            if error.kind == .databaseLocked { error.message += "; stop the service, restore, and start it again" }
            throw error
        }
        let source = BackupFile(path: backup)
        guard !DurableFiles.areSame(backup, database) else { throw StoreError(.backupInvalid, message: "\(backup) is the database itself") }
        try source.examine()
        let new = database + Self.unfinished
        let contents = try prepare(new)
        settleOld()
        let kept = try keepOld()
        try removeLog(of: database)
        // It names the database that was here; the start makes a new one.
        try DurableFiles.remove(DiskReserve.file(database))
        try DurableFiles.rename(new, to: database)
        try DurableFiles.syncDirectory(of: database)
        // The service asks PPRO about open charges after a downtime: for what is stored, the time since the newest event is one.
        if let newest = contents.newestReceivedAt { lock.setLastAlive(newest) }
        return Report(contents: contents, kept: kept)
    }

    /// A checked copy of the backup, on the disk under a name that nobody uses.
    private func prepare(_ new: String) throws(StoreError) -> BackupFile.Contents {
        try remove(new)
        try DurableFiles.create(new)
        do throws(StoreError) {
            try DurableFiles.giveToOwnerOfDirectory(new)
            try DurableFiles.copy(backup, into: new)
            try DurableFiles.sync(new)
            let contents = try BackupFile(path: new).check()
            try removeLog(of: new)
            return contents
        } catch {
            try? remove(new)
            throw error
        }
    }

    private func remove(_ path: String) throws(StoreError) {
        try DurableFiles.remove(path)
        try removeLog(of: path)
    }

    /// Reading a copied database file makes an empty log beside it, where the file says that it has one.
    private func removeLog(of path: String) throws(StoreError) {
        for suffix in ["-wal", "-shm"] { try DurableFiles.remove(path + suffix) }
    }

    /// The old log goes into the old database, if it can be read. If it cannot, both are kept as they are.
    private func settleOld() {
        let file = DatabaseFile(path: database)
        guard file.bytes > 0, file.logBytes > 0, let connection = try? Connection(path: database, access: .readWrite) else { return }
        do {
            try connection.harden()
            guard case .ours = try Migrations.examine(connection) else { return }
            try connection.execute("PRAGMA synchronous = FULL")
            _ = try connection.checkpoint(.truncate)
        } catch { _ = try? connection.keepLogOnClose() }
        try? connection.close()
    }

    /// A restore that was killed after it had named the old files may be repeated in the same second.
    private func unusedName() -> String {
        let first = "\(database).before-\(BackupTarget.stamp(now))"
        var (name, number) = (first, 1)
        while ["", "-wal", "-shm"].contains(where: { DurableFiles.exists(name + $0) }) {
            number += 1
            name = "\(first)-\(number)"
        }
        return name
    }

    /// Second names for the old files: `terima.db.before-20260603T112347Z`, and its log's and index's as SQLite wants them beside it.
    private func keepOld() throws(StoreError) -> [String] {
        let name = unusedName()
        var kept: [String] = []
        for suffix in ["", "-wal", "-shm"] where DurableFiles.exists(database + suffix) {
            try DurableFiles.link(database + suffix, as: name + suffix)
            kept.append(name + suffix)
        }
        try DurableFiles.syncDirectory(of: database)
        return kept
    }
}

import PaymentCore

/// The one read-write connection and what belongs to it. Lives on the queue `terima.writer`.
final class Writer {
    let connection: Connection
    private let index: IdentityIndex
    private(set) var lastSeq: Int64
    private let checkpointPages: Int
    private var pagesSinceCheckpoint = 0
    /// Set by an error after which nothing may be acknowledged; never unset.
    private(set) var fatal: StoreError?
    let lock: LockFile

    private static let allFingerprints = SQL("SELECT first, fingerprints FROM identity ORDER BY first")
    private static let newestEvent = SQL("SELECT max(seq) FROM event")

    /// Takes the lock, then creates, migrates or opens the database.
    init(path: String, limits: EventStore.Limits) throws(StoreError) {
        lock = try LockFile(path: path + ".lock")
        let file = DatabaseFile(path: path)
        try file.refuseOrphanedLog()
        try file.createIfMissing()
        connection = try Connection(path: path, access: .readWrite)
        try connection.harden()
        let state = try Migrations.examine(connection)
        try connection.applyWriterSettings(isNew: state == .empty)
        try Migrations.climb(connection, from: state)
        checkpointPages = limits.checkpointPages
        lastSeq = try connection.integer(Self.newestEvent) ?? 0
        index = try Self.loadIndex(connection, lastSeq: lastSeq)
    }

    private static func loadIndex(_ connection: Connection, lastSeq: Int64) throws(StoreError) -> IdentityIndex {
        let index = IdentityIndex()
        var last: Int64 = 0
        let statement = try connection.statement(allFingerprints)
        defer { statement.reset() }
        while try statement.step() {
            guard try statement.integer() == last + 1 else {
                throw StoreError(.databaseCorrupt, message: "the duplicate check has a gap after event \(last)")
            }
            for fingerprint in Fingerprints.decode(try statement.bytes()) {
                last += 1
                index.insert(fingerprint, seq: last)
            }
        }
        guard last == lastSeq else {
            throw StoreError(.databaseCorrupt, message: "the duplicate check ends at event \(last), the events at \(lastSeq)")
        }
        return index
    }

    /// A transaction that committed.
    struct Performed<Result> {
        var result: Result
        var commit: Commit
        /// Be it of no interest to observers.
        var hasWritten: Bool
    }

    /// One transaction. What it changed in memory is taken over after COMMIT only.
    func perform<Result>(_ body: (Transaction) throws -> Result) throws -> Performed<Result> {
        if let fatal { throw fatal }
        let transaction = Transaction(connection: connection, index: index, lastSeq: lastSeq)
        do {
            let before = connection.totalChanges
            let result = try connection.transaction {
                let result = try body(transaction)
                try transaction.writeFingerprints()
                return result
            }
            let hasWritten = connection.totalChanges > before
            transaction.enterIdentities()
            lastSeq = transaction.commit.lastSeq
            return Performed(result: result, commit: transaction.commit, hasWritten: hasWritten)
        } catch let error as StoreError {
            if error.isFinal { fatal = error }
            throw error
        }
    }

    /// Copies the write-ahead log into the database when enough has gathered. A reader in the way only postpones the rest.
    func checkpointIfDue() throws(StoreError) {
        guard fatal == nil else { return }
        pagesSinceCheckpoint += connection.takePagesWritten()
        guard pagesSinceCheckpoint >= checkpointPages else { return }
        pagesSinceCheckpoint = 0
        do {
            _ = try connection.checkpoint(.passive)
        } catch {
            // The next start recovers from the log; going on would let SQLite believe pages that the kernel may have dropped.
            if error.isFinal { fatal = error }
            throw error
        }
    }

    /// Leaves a database without a log, if no reader is in the way and nothing final happened.
    func close() throws(StoreError) {
        var failure = fatal
        if failure == nil {
            do throws(StoreError) { _ = try connection.checkpoint(.truncate) } catch { failure = error }
        }
        // SQLite would checkpoint once more while closing, with pages that a failed sync may have lost.
        if failure?.isFinal == true { try connection.keepLogOnClose() }
        try connection.close()
        if let failure { throw failure }
    }

    /// The connection goes before the lock does.
    deinit { try? connection.close() }
}

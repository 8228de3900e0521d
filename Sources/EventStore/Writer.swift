import PaymentCore

/// The one read-write connection and what belongs to it. Lives on the queue `terima.writer`.
final class Writer {
    let connection: Connection
    private let index: IdentityIndex
    private var tail: FingerprintTail
    private let checkpointPages: Int
    private var pagesSinceCheckpoint = 0
    /// Set by an error after which nothing may be acknowledged; never unset.
    private(set) var fatal: StoreError?
    let lock: LockFile

    private static let allFingerprints = SQL("SELECT first, fingerprints FROM identity ORDER BY first")
    private static let identitiesAfter = SQL("SELECT seq, source, id FROM event WHERE seq > ? ORDER BY seq")

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
        index = IdentityIndex()
        tail = try Self.load(connection, into: index)
    }

    /// The newest event.
    var lastSeq: Int64 { tail.lastSeq }

    /// The table first, then the newest events, which it does not hold yet.
    private static func load(_ connection: Connection, into index: IdentityIndex) throws(StoreError) -> FingerprintTail {
        let newest = try connection.newestEvent()
        var last: Int64 = 0
        let recorded = try connection.statement(allFingerprints)
        defer { recorded.reset() }
        while try recorded.step() {
            guard try recorded.integer() == last + 1 else { throw gap(after: last) }
            for fingerprint in Fingerprints.decode(try recorded.bytes()) {
                last += 1
                index.insert(fingerprint, seq: last)
            }
        }
        guard last <= newest else { throw StoreError(.databaseCorrupt, message: "the duplicate check goes on to event \(last), the events end at \(newest)") }
        var tail = FingerprintTail(recordedThrough: last)
        let events = try connection.statement(identitiesAfter)
        defer { events.reset() }
        try events.bind([.integer(last)])
        while try events.step() {
            guard try events.integer() == tail.lastSeq + 1 else { throw gap(after: tail.lastSeq) }
            let fingerprint = EventIdentity(source: try events.text(), id: try events.text()).fingerprint
            tail.append(fingerprint)
            index.insert(fingerprint, seq: tail.lastSeq)
        }
        return tail
    }

    private static func gap(after seq: Int64) -> StoreError {
        StoreError(.databaseCorrupt, message: "event \(seq + 1) is missing")
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
        let transaction = Transaction(connection: connection, index: index, tail: tail)
        do {
            let before = connection.totalChanges
            let result = try connection.transaction {
                let result = try body(transaction)
                try transaction.writeFingerprints()
                return result
            }
            let hasWritten = connection.totalChanges > before
            transaction.enterIdentities()
            tail = transaction.tail
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

    /// Empties the write-ahead log and overwrites what moved rows have left on these pages of the file. Returns on how many there was anything; nil: a reader
    /// kept the log from being emptied, and nothing was done.
    func overwriteRemains(on pages: [Int64]) throws(StoreError) -> Int? {
        if let fatal { throw fatal }
        do {
            guard try connection.checkpoint(.truncate) else { return nil }
            pagesSinceCheckpoint = 0
            var count = 0
            for page in pages where try connection.overwriteRemains(page: page) { count += 1 }
            if count > 0 { try connection.settleOverwritten() }
            return count
        } catch {
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

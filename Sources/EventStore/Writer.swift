import PaymentCore

/// The one read-write connection and what belongs to it. Lives on the queue `terima.writer`.
final class Writer {
    let connection: Connection
    private let index: IdentityIndex
    private var tail: FingerprintTail
    private var pagesSinceCheckpoint = 0
    private let limits: EventStore.Limits
    private let reserve: DiskReserve
    /// Of the write-ahead log, as of the last checkpoint.
    private var logBytes: Int64 = 0
    /// What is odd about the files as they were found, a sentence each.
    let findings: [String]
    /// Set by an error after which nothing may be acknowledged; never unset.
    private(set) var fatal: StoreError?
    let lock: LockFile

    private static let allFingerprints = SQL("SELECT first, fingerprints FROM identity ORDER BY first")
    private static let identitiesAfter = SQL("SELECT seq, source, id FROM event WHERE seq > ? ORDER BY seq")

    /// Takes the lock, then creates, migrates or opens the database. Nothing is written before all is known to be in order, and nothing new is left behind
    /// when it is not.
    init(path: String, limits: EventStore.Limits) throws(StoreError) {
        let file = DatabaseFile(path: path)
        try file.refuseOtherOwner()
        lock = try LockFile(path: path + ".lock")
        try file.refuseOrphanedLog()
        try file.refuseLoss()
        let scan = LogScan(database: path)
        try file.refuseExchangedLog(scan)
        let hasLog = file.logBytes > 0
        let isNew = try file.createIfMissing()
        self.limits = limits
        index = IdentityIndex()
        do {
            connection = try Connection(path: path, access: .readWrite)
            // Until it is known to be ours, a log that is there stays there.
            try connection.keepLogOnClose(hasLog)
            try Self.prepare(connection, file, limits)
            tail = try Self.load(connection, into: index, file)
            findings = try Self.recover(connection, scan)
            // The log's name is durable before anything in it is acknowledged: SQLite does not tell when its own sync of the directory fails.
            try file.syncDirectory()
            reserve = try DiskReserve(database: path, id: try connection.databaseID(), bytes: limits.reserveBytes)
            try connection.keepLogOnClose(false)
        } catch {
            if isNew { file.remove() }
            throw error.advising(path)
        }
    }

    /// From the file as it is to one that can be worked with.
    private static func prepare(_ connection: Connection, _ file: DatabaseFile, _ limits: EventStore.Limits) throws(StoreError) {
        try connection.harden()
        let state = try Migrations.examine(connection)
        if state == .empty {
            try connection.refuseEmptyWhereOneWas()
        } else {
            try connection.refuseOtherDatabase()
            if file.bytes + file.logBytes <= limits.checkedBytes { try connection.refuseDamage() }
        }
        try connection.applyWriterSettings(isNew: state == .empty)
        try Migrations.climb(connection, from: state)
    }

    /// Takes over what a crash has left in the log, and tells what could not be taken.
    private static func recover(_ connection: Connection, _ scan: LogScan) throws(StoreError) -> [String] {
        guard scan.isThere else { return [] }
        let taken: Int
        do { taken = try connection.checkpoint(.passive) } catch let error where error.kind == .storageFull {
            // The log is as good where it is, and there is no room to look further.
            return []
        }
        switch scan.loss(taken: taken) {
        case .none: return []
        case .lastTransaction:
            return [
                "the last transaction in the write-ahead log is not whole and was left out; it was not acknowledged if the machine failed in the middle of it"
            ]
        case .acknowledged:
            return [
                "a part of the write-ahead log is missing or cannot be read and was left out, with events that had been acknowledged: "
                    + "ask PPRO for them (terima reconcile --open), and look at the disk"
            ]
        }
    }

    /// The newest event.
    var lastSeq: Int64 { tail.lastSeq }

    /// The table first, then the newest events, which it does not hold yet.
    private static func load(_ connection: Connection, into index: IdentityIndex, _ file: DatabaseFile) throws(StoreError) -> FingerprintTail {
        let newest = try connection.newestEvent()
        // A damaged number is refused below, and must not take the machine's memory before: an event has some hundred bytes in the files.
        index.reserve(Int(min(newest, (file.bytes + file.logBytes) / 64)))
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
        if logBytes >= limits.logCapBytes * 2 { throw logFull }
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
        guard pagesSinceCheckpoint >= limits.checkpointPages else { return }
        try checkpoint()
    }

    private func checkpoint() throws(StoreError) {
        pagesSinceCheckpoint = 0
        do {
            // A log that has grown long is cut off as soon as no reader is in the way; the others start anew by themselves.
            let frames = try connection.checkpoint(logBytes >= limits.logAlarmBytes ? .truncate : .passive)
            logBytes = Int64(frames) * Connection.frameBytes
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
        do throws(StoreError) {
            guard try connection.checkpoint(.truncate) == 0 else { return nil }
            pagesSinceCheckpoint = 0
            logBytes = 0
            var count = 0
            for page in pages where try connection.overwriteRemains(page: page) { count += 1 }
            if count > 0 { try connection.settleOverwritten() }
            return count
        } catch {
            if error.isFinal { fatal = error }
            throw error
        }
    }

    /// Why no event may be taken now; nil: they may.
    var refusal: StoreError? {
        if logBytes >= limits.logCapBytes { return logFull }
        guard reserve.isHeld else {
            return StoreError(
                .storageFull,
                message:
                    "the disk is full: no event is taken until \((limits.reserveBytes * 3 / 2) >> 20) MiB are free; what is left is for those accepted before")
        }
        return nil
    }

    /// What will become a refusal if nobody does anything about it.
    var strain: StoreError? { logBytes >= limits.logAlarmBytes ? logFull : nil }

    private var logFull: StoreError {
        StoreError(
            .logFull,
            message: "the write-ahead log has \(logBytes >> 20) MiB, because a reader holds on to an old state (a backup, a sqlite3 shell): end it; "
                + "from \(limits.logCapBytes >> 20) MiB on no event is taken")
    }

    /// A write found the disk full.
    func isOutOfSpace() { reserve.release() }

    /// Tries to get out of a refusal.
    func makeRoom() throws(StoreError) {
        _ = reserve.restore()
        if logBytes >= limits.logAlarmBytes { try checkpoint() }
    }

    /// Leaves a database without a log, if no reader is in the way and nothing final happened.
    func close() throws(StoreError) {
        var failure = fatal
        if failure == nil {
            do throws(StoreError) { try connection.checkpoint(.truncate) } catch { failure = error }
        }
        // SQLite would checkpoint once more while closing, with pages that a failed sync may have lost.
        if failure?.isFinal == true { try connection.keepLogOnClose() }
        try connection.close()
        if let failure { throw failure }
    }

    /// The connection goes before the lock does.
    deinit { try? connection.close() }
}

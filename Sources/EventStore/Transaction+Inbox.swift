package import PaymentCore

extension Transaction {
    private static let waitingAgain = SQL("SELECT \(StoredEvent.columns) FROM event WHERE again = 1 ORDER BY seq LIMIT ?")
    private static let waitingNew = SQL(
        """
        SELECT \(StoredEvent.columns) FROM event
        WHERE seq > max(?, (SELECT applied_through FROM progress WHERE one = 1)) AND state = 'received' AND again = 0 ORDER BY seq LIMIT ?
        """)
    private static let applied = SQL(
        "UPDATE event SET state = 'applied', outcome = ?, error = NULL, again = 0, charge = ?, agreement = ? WHERE seq = ?")
    private static let failed = SQL("UPDATE event SET state = 'failed', outcome = NULL, error = ?, again = 0 WHERE seq = ?")
    private static let restated = SQL(
        """
        UPDATE event SET (source, id, \(EventFacts.columns)) = (?, ?\(String(repeating: ", ?", count: EventFacts.columnCount))) WHERE seq = ?
        """)
    private static let outcomeOf = SQL("UPDATE event SET outcome = ? WHERE seq = ? AND state = 'applied'")
    private static let firstWaitingAfter = SQL("SELECT seq FROM event WHERE seq > ? AND state = 'received' AND again = 0 ORDER BY seq LIMIT 1")
    private static let advance = SQL("UPDATE progress SET applied_through = ? WHERE one = 1 AND applied_through < ?")

    /// The next events to apply: those that a replay asked for first, then new ones in order of arrival. Empty: nothing waits.
    /// - Parameter after: how far new events have been applied in this transaction, where that is not noted as progress yet.
    package func waitingEvents(limit: Int, after: Int64? = nil) throws(StoreError) -> [StoredEvent] {
        var waiting = try connection.rows(Self.waitingAgain, .count(limit), read: StoredEvent.init(row:))
        let room = limit - waiting.count
        guard room > 0 else { return waiting }
        let new = try connection.rows(Self.waitingNew, .integer(after ?? 0), .count(room), read: StoredEvent.init(row:))
        // What came unreadable never waits; without this step a run of such events would be walked over each time.
        if new.isEmpty { try advanceProgress(to: commit.lastSeq) }
        waiting += new
        return waiting
    }

    /// The raw body; nil when it was purged.
    package func payload(of seq: Int64) throws(StoreError) -> [UInt8]? { try connection.payload(of: seq) }

    /// The event has become part of what it is about.
    package func markApplied(_ seq: Int64, outcome: Outcome, charge: Int64?, agreement: Int64?) throws(StoreError) {
        try connection.run(Self.applied, .text(outcome.rawValue), .integer(charge), .integer(agreement), .integer(seq))
    }

    /// The event cannot be applied; `error` is what the operator reads: a stable code, a colon, a sentence.
    package func markFailed(_ seq: Int64, error: String) throws(StoreError) {
        try connection.run(Self.failed, .text(error), .integer(seq))
    }

    /// Writes what a replay decoded: the facts and the real identity. If another event holds that identity already, nothing is written and its seq returned.
    package func restate(_ seq: Int64, identity: EventIdentity, facts: EventFacts) throws(StoreError) -> Int64? {
        let fingerprint = identity.fingerprint
        let holder = try holder(of: identity, among: candidates(fingerprint))
        if let holder, holder != seq { return holder }
        var values: [SQLValue] = [.text(identity.source), .text(identity.id)]
        facts.append(to: &values)
        try connection.run(Self.restated, values + [.integer(seq)])
        if holder == nil { try replaceFingerprint(of: seq, with: fingerprint) }
        return nil
    }

    /// Corrects the outcome of an event that a later one put into another light. Nothing happens to an event that is not applied.
    package func setOutcome(_ seq: Int64, _ outcome: Outcome) throws(StoreError) {
        try connection.run(Self.outcomeOf, .text(outcome.rawValue), .integer(seq))
    }

    /// Everything up to `seq` is applied or failed. Events that failed on arrival are stepped over; progress never goes back.
    package func advanceProgress(to seq: Int64) throws(StoreError) {
        let next = try connection.integer(Self.firstWaitingAfter, .integer(seq))
        let through = next.map { $0 - 1 } ?? commit.lastSeq
        try connection.run(Self.advance, .integer(through), .integer(through))
    }

    /// The last event that is certainly applied or failed (or asked for again).
    package func appliedThrough() throws(StoreError) -> Int64 { try connection.appliedThrough() }
}

import PaymentCore

/// Where a purge finds what is old. Tables are gone through in parts, each on its own state of the database: a long look would keep the write-ahead log from
/// being emptied. The parts follow the order of arrival, and a whole part without anything old is the end: an index by time would cost every event more
/// than this costs a purge.
extension Reader {
    private static let undelivered = """
        EXISTS (SELECT 1 FROM notification AS n JOIN delivery AS d ON d.notification = n.seq WHERE n.event = e.seq AND d.state <> 'delivered')
        """
    private static let firstPayload = SQL("SELECT min(event) FROM payload")
    private static let oldEvents = SQL(
        """
        SELECT e.seq, (SELECT 1 FROM payload WHERE event = e.seq), e.state = 'applied', \(undelivered)
        FROM event AS e WHERE e.seq > ?1 AND e.seq <= ?2 AND e.received_at < ?3
        """)
    private static let oldNotifications = SQL(
        """
        SELECT n.seq, n.body IS NOT NULL,
            EXISTS (SELECT 1 FROM delivery WHERE notification = n.seq AND state <> 'delivered'),
            EXISTS (SELECT 1 FROM delivery WHERE notification = n.seq AND finished_at >= ?3)
        FROM notification AS n WHERE n.seq > ?1 AND n.seq <= ?2 AND n.created_at < ?3
        """)
    private static let oldConflicts = SQL("SELECT seq, body IS NOT NULL FROM conflict WHERE seq > ?1 AND seq <= ?2 AND received_at < ?3")
    private static let attemptsOf = SQL(
        "SELECT count(*) FROM delivery AS d JOIN attempt AS a ON a.delivery = d.seq WHERE d.notification = ?")

    /// Where the first part of a stage begins.
    func purgeBegin(_ stage: PurgeStage) throws(StoreError) -> Int64? {
        switch stage {
        case .payloads: try connection.integer(Self.firstPayload).map { $0 - 1 }
        case .conflicts, .notifications: 0
        }
    }

    /// One part: `span` rows after `start`.
    func purgeBatch(_ stage: PurgeStage, after start: Int64, before cutoff: Instant, span: Int64) throws(StoreError) -> PurgeBatch {
        let (end, overflow) = start.addingReportingOverflow(span)
        guard !overflow else { return PurgeBatch() }
        var (batch, isAnythingOld) = (PurgeBatch(), false)
        let values: [SQLValue] = [.integer(start), .integer(end), .time(cutoff)]
        switch stage {
        case .payloads:
            _ = try connection.rows(of: try connection.statement(Self.oldEvents), values) { row throws(StoreError) in
                let (seq, isStored) = (try row.integer(), try row.integerOrNil() != nil)
                let (isApplied, isUndelivered) = (try row.flag(), try row.flag())
                isAnythingOld = true
                guard isStored else { return }
                if !isApplied { batch.unapplied += 1 } else if isUndelivered { batch.undelivered += 1 } else { batch.seqs.append(seq) }
            }
        case .notifications:
            _ = try connection.rows(of: try connection.statement(Self.oldNotifications), values) { row throws(StoreError) in
                let (seq, isStored) = (try row.integer(), try row.flag())
                let (isUndelivered, isRecent) = (try row.flag(), try row.flag())
                isAnythingOld = true
                guard isStored else { return }
                if isUndelivered { batch.undelivered += 1 } else if !isRecent { batch.seqs.append(seq) }
            }
        case .conflicts:
            _ = try connection.rows(of: try connection.statement(Self.oldConflicts), values) { row throws(StoreError) in
                let (seq, isStored) = (try row.integer(), try row.flag())
                isAnythingOld = true
                if isStored { batch.seqs.append(seq) }
            }
        }
        batch.next = isAnythingOld ? end : nil
        return batch
    }

    /// Attempts that go with a notification's body.
    func attempts(ofNotification seq: Int64) throws(StoreError) -> Int { Int(clamping: try connection.integer(Self.attemptsOf, .integer(seq)) ?? 0) }
}

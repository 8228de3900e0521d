import PaymentCore

extension Transaction {
    // What a reader found may have changed since: each statement looks again.
    private static let purgePayload = SQL(
        """
        DELETE FROM payload WHERE event = ?1 AND EXISTS (SELECT 1 FROM event WHERE seq = ?1 AND state = 'applied')
            AND NOT EXISTS (SELECT 1 FROM notification AS n JOIN delivery AS d ON d.notification = n.seq WHERE n.event = ?1 AND d.state <> 'delivered')
        """)
    private static let purgeNotification = SQL(
        """
        UPDATE notification SET body = NULL WHERE seq = ?1 AND body IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM delivery WHERE notification = ?1 AND (state <> 'delivered' OR finished_at >= ?2))
        """)
    private static let purgeAttempts = SQL("DELETE FROM attempt WHERE delivery = ?")
    private static let deliveriesOf = SQL("SELECT seq FROM delivery WHERE notification = ?")
    private static let purgeConflict = SQL("UPDATE conflict SET body = NULL WHERE seq = ? AND body IS NOT NULL")

    func purge(_ stage: PurgeStage, _ seqs: ArraySlice<Int64>, before cutoff: Instant) throws(StoreError) -> PurgeCount {
        var count = PurgeCount()
        for seq in seqs {
            switch stage {
            case .payloads:
                try connection.run(Self.purgePayload, .integer(seq))
                count.payloads += connection.changes
            case .conflicts:
                try connection.run(Self.purgeConflict, .integer(seq))
                count.conflicts += connection.changes
            case .notifications:
                try connection.run(Self.purgeNotification, .integer(seq), .time(cutoff))
                guard connection.changes > 0 else { continue }
                count.notifications += 1
                for delivery in try connection.rows(Self.deliveriesOf, .integer(seq), read: { row throws(StoreError) in try row.integer() }) {
                    try connection.run(Self.purgeAttempts, .integer(delivery))
                    count.attempts += connection.changes
                }
            }
        }
        return count
    }

    /// Gives free pages at the end of the file back, at most so many; what lies behind a free page is moved into it.
    func vacuum(pages: Int) throws(StoreError) -> (freed: Int64, left: Int64) {
        let before = try freePages()
        guard before > 0, pages > 0 else { return (0, before) }
        try connection.execute("PRAGMA incremental_vacuum(\(pages))")
        let left = try freePages()
        return (max(0, before - left), left)
    }

    private func freePages() throws(StoreError) -> Int64 { Int64(try connection.value(of: "freelist_count")) ?? 0 }
}

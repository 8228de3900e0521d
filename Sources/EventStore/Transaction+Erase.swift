import PaymentCore

extension Transaction {
    private static let erasePayload = SQL("DELETE FROM payload WHERE event = ?")
    private static let eraseConflicts = SQL("UPDATE conflict SET body = NULL WHERE event = ? AND body IS NOT NULL")
    private static let passedOnBy = SQL("SELECT seq, id, length(body) FROM notification WHERE event = ? AND version IS NULL AND body IS NOT NULL")
    private static let identityAndFacts = SQL("SELECT source, id, \(EventFacts.columns) FROM event WHERE seq = ?")
    private static let rewriteNotification = SQL("UPDATE notification SET body = ? WHERE seq = ?")
    private static let insertErasure = SQL("INSERT INTO erasure (at, who, reason, selection, events, bodies) VALUES (?, ?, ?, ?, ?, ?)")
    private static let countErasure = SQL("UPDATE erasure SET events = events + ?2, bodies = bodies + ?3 WHERE seq = ?1")

    /// Takes the personal data of some events away. Their facts stay, and so does what was folded from them. What is passed on keeps its id, type, subject and
    /// cause, and is still told: without `data`. The record counts it in the same transaction.
    /// - Parameter record: the erasure's record; nil with the first slice, which writes it.
    /// - Returns: from how many bodies data was erased.
    func erase(_ events: ArraySlice<Int64>, of request: EraseRequest, record: Int64?) throws(StoreError) -> (record: Int64, bodies: Int) {
        var bodies = 0
        for seq in events {
            try connection.run(Self.erasePayload, .integer(seq))
            bodies += connection.changes
            try connection.run(Self.eraseConflicts, .integer(seq))
            bodies += connection.changes
            bodies += try eraseData(passedOnBy: seq)
        }
        if let record {
            try connection.run(Self.countErasure, .integer(record), .count(events.count), .count(bodies))
            return (record, bodies)
        }
        try connection.run(
            Self.insertErasure, .time(request.at), .text(request.who), .text(request.reason), .text(request.json), .count(events.count), .count(bodies))
        return (connection.lastInsertedSeq, bodies)
    }

    private func eraseData(passedOnBy seq: Int64) throws(StoreError) -> Int {
        let told = try connection.rows(Self.passedOnBy, .integer(seq)) { row throws(StoreError) in
            (seq: try row.integer(), id: try row.text(), bytes: try row.count())
        }
        guard !told.isEmpty else { return 0 }
        let cause = try connection.row(Self.identityAndFacts, .integer(seq)) { row throws(StoreError) in
            (source: try row.text(), id: try row.text(), facts: try EventFacts.read(row))
        }
        guard let cause, let facts = cause.facts else { return 0 }
        var bodies = 0
        for notification in told {
            let without = Notification.passedOn(
                id: notification.id, facts: facts, cause: .init(source: cause.source, id: cause.id, type: facts.type, time: facts.time), data: [])
            guard without.body.count < notification.bytes else { continue }
            try connection.run(Self.rewriteNotification, .blob(without.body), .integer(notification.seq))
            bodies += 1
        }
        return bodies
    }
}

import PaymentCore

extension Transaction {
    private static let insertEvent = SQL(
        """
        INSERT INTO event (seq, source, id, body_sha256, received_at, state, error, \(EventFacts.columns))
        VALUES (?, ?, ?, ?, ?, ?, ?\(String(repeating: ", ?", count: EventFacts.columnCount)))
        """)
    private static let insertPayload = SQL("INSERT INTO payload (event, body) VALUES (?, ?)")
    private static let hashOf = SQL("SELECT body_sha256 FROM event WHERE seq = ?")
    private static let countRepeat = SQL("UPDATE event SET repeats = repeats + 1 WHERE seq = ?")
    private static let countConflict = SQL("UPDATE event SET conflicts = conflicts + 1 WHERE seq = ?")
    private static let insertConflict = SQL(
        "INSERT INTO conflict (event, received_at, body_sha256, body) VALUES (?, ?, ?, ?) ON CONFLICT (event, body_sha256) DO NOTHING")

    /// Stores the event, or counts it on the one that holds its identity.
    func append(_ event: Event, fingerprint: UInt64) throws(StoreError) -> AppendOutcome {
        if let seq = try holder(of: event.identity, fingerprint: fingerprint) { return try countAgain(event, on: seq) }
        let seq = nextSeq
        guard seq <= IdentityIndex.largestSeq else { throw StoreError(.tooLarge, message: "the database holds as many events as it can") }
        let head: [SQLValue] = [
            .integer(seq), .text(event.identity.source), .text(event.identity.id), .blob(event.bodyHash), .time(event.receivedAt),
        ]
        switch event.content {
        case .readable(let facts):
            try connection.run(Self.insertEvent, head + [.text(EventState.received.rawValue), .text(nil)] + facts.values)
        case .unreadable(let failure):
            let noFacts = [SQLValue](repeating: .text(nil), count: EventFacts.columnCount)
            try connection.run(Self.insertEvent, head + [.text(EventState.failed.rawValue), .text(failure.description)] + noFacts)
        }
        try connection.run(Self.insertPayload, .integer(seq), .blob(event.body))
        remember(fingerprint)
        return .accepted(seq: seq)
    }

    private func countAgain(_ event: Event, on seq: Int64) throws(StoreError) -> AppendOutcome {
        let hash = try connection.row(Self.hashOf, .integer(seq)) { row throws(StoreError) in try row.bytes() }
        if hash == event.bodyHash {
            try connection.run(Self.countRepeat, .integer(seq))
            return .duplicate(seq: seq)
        }
        try connection.run(Self.countConflict, .integer(seq))
        try connection.run(Self.insertConflict, .integer(seq), .time(event.receivedAt), .blob(event.bodyHash), .blob(event.body))
        return .conflict(seq: seq)
    }
}

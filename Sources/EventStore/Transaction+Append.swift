import PaymentCore

extension Transaction {
    private static let insertEvent = SQL(
        "INSERT INTO event (seq, \(PackedEvent.columns)) VALUES (?\(String(repeating: ", ?", count: PackedEvent.columnCount)))")
    private static let insertPayload = SQL("INSERT INTO payload (event, body) VALUES (?, ?)")
    private static let hashOf = SQL("SELECT body_sha256 FROM event WHERE seq = ?")
    private static let countRepeat = SQL("UPDATE event SET repeats = repeats + 1 WHERE seq = ?")
    private static let countConflict = SQL("UPDATE event SET conflicts = conflicts + 1 WHERE seq = ?")
    private static let insertConflict = SQL(
        "INSERT INTO conflict (event, received_at, body_sha256, body) VALUES (?, ?, ?, ?) ON CONFLICT (event, body_sha256) DO NOTHING")

    /// Stores the event, or counts it on the one that holds its identity.
    func append(_ event: PackedEvent) throws(StoreError) -> AppendOutcome {
        if let seq = try holder(of: event) { return try countAgain(event, on: seq) }
        let seq = nextSeq
        guard seq <= IdentityIndex.largestSeq else { throw StoreError(.tooLarge, message: "the database holds as many events as it can") }
        try connection.insert(Self.insertEvent, seq: seq, event.row)
        try connection.insert(Self.insertPayload, seq: seq, event.payload)
        remember(event.fingerprint)
        return .accepted(seq: seq)
    }

    private func holder(of event: PackedEvent) throws(StoreError) -> Int64? {
        let candidates = candidates(event.fingerprint)
        return candidates.isEmpty ? nil : try holder(of: event.identity, among: candidates)
    }

    private func countAgain(_ event: PackedEvent, on seq: Int64) throws(StoreError) -> AppendOutcome {
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

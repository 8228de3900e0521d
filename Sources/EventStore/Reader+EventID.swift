import PaymentCore

extension Reader {
    private static let newestWithID = SQL(
        """
        SELECT seq FROM event
        WHERE seq > coalesce((SELECT first + length(fingerprints) / 8 - 1 FROM identity ORDER BY first DESC LIMIT 1), 0) AND id = ?
        ORDER BY seq DESC
        """)
    private static let recentSources = SQL("SELECT DISTINCT source FROM (SELECT source FROM event ORDER BY seq DESC LIMIT 100)")
    private static let fingerprintsWith = SQL("SELECT first, fingerprints FROM identity WHERE instr(fingerprints, ?) > 0")
    private static let seqOfIdentity = SQL("SELECT seq FROM event WHERE seq = ? AND id = ?")
    private static let seqsByID = SQL("SELECT seq FROM event WHERE id = ? ORDER BY seq DESC")

    /// The newest event with this CloudEvents `id`.
    func newestEventSeq(id: String) throws(StoreError) -> Int64? {
        if let seq = try newestEventSeqs(id: id).first { return seq }
        return try eventSeqs(id: id).first
    }

    /// All events with this id; more than one only if several sources use it.
    func eventSeqs(id: String) throws(StoreError) -> [Int64] {
        let found = try newestEventSeqs(id: id) + recordedEventSeqs(id: id)
        return try found.isEmpty ? eventSeqs(everywhere: id) : found
    }

    /// Of those that are not in the table of fingerprints yet.
    private func newestEventSeqs(id: String) throws(StoreError) -> [Int64] {
        try connection.rows(Self.newestWithID, .text(id)) { row throws(StoreError) in try row.integer() }
    }

    /// Of those in the table of fingerprints. An index on ids would cost every append, so the id is tried with the sources that are in use (PPRO has one).
    private func recordedEventSeqs(id: String) throws(StoreError) -> [Int64] {
        let sources = try connection.rows(Self.recentSources) { row throws(StoreError) in try row.text() }
        var found: [Int64] = []
        for source in sources {
            for seq in try recorded(EventIdentity(source: source, id: id).fingerprint) {
                if let seq = try connection.integer(Self.seqOfIdentity, .integer(seq), .text(id)) { found.append(seq) }
            }
        }
        return found.sorted(by: >)
    }

    /// Events whose fingerprint this may be.
    private func recorded(_ fingerprint: UInt64) throws(StoreError) -> [Int64] {
        try connection.rows(Self.fingerprintsWith, .blob(Fingerprints.encode([fingerprint]))) { row throws(StoreError) in
            let first = try row.integer()
            // The bytes may also be found across two fingerprints.
            return Fingerprints.decode(try row.bytes()).enumerated().filter { $0.element == fingerprint }.map { first + Int64($0.offset) }
        }.flatMap { $0 }
    }

    /// A scan: only for an id that no source in use knows.
    private func eventSeqs(everywhere id: String) throws(StoreError) -> [Int64] {
        try connection.rows(Self.seqsByID, .text(id)) { row throws(StoreError) in try row.integer() }
    }
}

import PaymentCore

/// The duplicate check: which event holds an identity.
extension Transaction {
    private static let insertFingerprints = SQL("INSERT INTO identity (first, fingerprints) VALUES (?, ?)")
    private static let fingerprintsAround = SQL("SELECT first, fingerprints FROM identity WHERE first <= ? ORDER BY first DESC LIMIT 1")
    private static let replaceFingerprints = SQL("UPDATE identity SET fingerprints = ? WHERE first = ?")
    private static let identityOf = SQL("SELECT source, id FROM event WHERE seq = ?")

    /// The event that holds the identity, decided on bytes: the fingerprint only points at candidates.
    func holder(of identity: EventIdentity, fingerprint: UInt64) throws(StoreError) -> Int64? {
        for seq in candidates(fingerprint) {
            let known = try connection.row(Self.identityOf, .integer(seq)) { row throws(StoreError) in
                EventIdentity(source: try row.text(), id: try row.text())
            }
            if known?.hasSameBytes(as: identity) == true { return seq }
        }
        return nil
    }

    /// Writes the fingerprints of the events that were appended. Last in every transaction, and before one of them is replaced.
    func writeFingerprints() throws(StoreError) {
        guard unwritten < appended.count else { return }
        let first = commit.lastSeq - Int64(appended.count - unwritten) + 1
        try connection.run(Self.insertFingerprints, .integer(first), .blob(Fingerprints.encode(Array(appended[unwritten...]))))
        unwritten = appended.count
    }

    /// An event turned out to have another identity than it came with. The old fingerprint stays in memory until the next start, where it is harmless.
    func replaceFingerprint(of seq: Int64, with fingerprint: UInt64) throws(StoreError) {
        try writeFingerprints()
        let row = try connection.row(Self.fingerprintsAround, .integer(seq)) { row throws(StoreError) in
            (first: try row.integer(), fingerprints: Fingerprints.decode(try row.bytes()))
        }
        guard var row, let place = Int(exactly: seq - row.first), row.fingerprints.indices.contains(place) else {
            throw StoreError(.databaseCorrupt, message: "the duplicate check does not know event \(seq)")
        }
        row.fingerprints[place] = fingerprint
        try connection.run(Self.replaceFingerprints, .blob(Fingerprints.encode(row.fingerprints)), .integer(row.first))
        replaced.append((fingerprint, seq))
    }
}

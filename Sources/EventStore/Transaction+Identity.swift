import PaymentCore

/// The duplicate check: which event holds an identity.
extension Transaction {
    private static let insertFingerprints = SQL("INSERT INTO identity (first, fingerprints) VALUES (?, ?)")
    private static let fingerprintsAround = SQL("SELECT first, fingerprints FROM identity WHERE first <= ? ORDER BY first DESC LIMIT 1")
    private static let replaceFingerprints = SQL("UPDATE identity SET fingerprints = ? WHERE first = ?")
    private static let identityOf = SQL("SELECT source, id FROM event WHERE seq = ?")

    /// The event that holds the identity, decided on bytes: the fingerprint only points at candidates.
    func holder(of identity: EventIdentity, among candidates: [Int64]) throws(StoreError) -> Int64? {
        for seq in candidates {
            let known = try connection.row(Self.identityOf, .integer(seq)) { row throws(StoreError) in
                EventIdentity(source: try row.text(), id: try row.text())
            }
            if known?.hasSameBytes(as: identity) == true { return seq }
        }
        return nil
    }

    /// Writes what fills a row. Last in every transaction.
    func writeFingerprints() throws(StoreError) {
        while let row = tail.takeRow() {
            try connection.run(Self.insertFingerprints, .integer(row.first), .blob(Fingerprints.encode(row.fingerprints)))
        }
    }

    /// An event turned out to have another identity than it came with. The old fingerprint stays in memory until the next start, where it is harmless.
    func replaceFingerprint(of seq: Int64, with fingerprint: UInt64) throws(StoreError) {
        replaced.append((fingerprint, seq))
        if tail.replace(seq, with: fingerprint) { return }
        let row = try connection.row(Self.fingerprintsAround, .integer(seq)) { row throws(StoreError) in
            (first: try row.integer(), fingerprints: Fingerprints.decode(try row.bytes()))
        }
        guard var row, let place = Int(exactly: seq - row.first), row.fingerprints.indices.contains(place) else {
            throw StoreError(.databaseCorrupt, message: "the duplicate check does not know event \(seq)")
        }
        row.fingerprints[place] = fingerprint
        try connection.run(Self.replaceFingerprints, .blob(Fingerprints.encode(row.fingerprints)), .integer(row.first))
    }
}

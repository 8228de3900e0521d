import PaymentCore

extension Connection {
    private static let recentSources = SQL("SELECT DISTINCT source FROM (SELECT source FROM event ORDER BY seq DESC LIMIT 100)")
    private static let seqOfIdentity = SQL("SELECT seq FROM event WHERE seq = ? AND id = ?")
    private static let seqsByID = SQL("SELECT seq FROM event WHERE id = ? ORDER BY seq DESC")

    /// The events with this id, newest first; more than one only if several sources use it. An index on ids would cost every append, so the id is tried
    /// with the sources that are in use (PPRO has one), and only an id that none of them knows makes a scan necessary.
    func eventSeqs(id: String, candidates: (UInt64) throws(StoreError) -> [Int64]) throws(StoreError) -> [Int64] {
        let sources = try rows(Self.recentSources) { row throws(StoreError) in try row.text() }
        var found: [Int64] = []
        for source in sources {
            for seq in try candidates(EventIdentity(source: source, id: id).fingerprint) {
                if let seq = try integer(Self.seqOfIdentity, .integer(seq), .text(id)) { found.append(seq) }
            }
        }
        guard found.isEmpty else { return found.sorted(by: >) }
        return try rows(Self.seqsByID, .text(id)) { row throws(StoreError) in try row.integer() }
    }
}

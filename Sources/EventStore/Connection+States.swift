import PaymentCore

/// Charges, agreements and their events: what the writer and the readers both ask.
extension Connection {
    private static let chargeByID = SQL("SELECT \(StoredCharge.columns) FROM charge WHERE id = ?")
    private static let agreementByID = SQL("SELECT \(StoredAgreement.columns) FROM agreement WHERE id = ?")
    private static let chargeEvents = SQL("SELECT seq, id, \(EventFacts.columns) FROM event WHERE charge = ? AND state = 'applied' ORDER BY seq")
    private static let agreementEvents = SQL("SELECT seq, id, \(EventFacts.columns) FROM event WHERE agreement = ? AND state = 'applied' ORDER BY seq")
    private static let payloadOf = SQL("SELECT body FROM payload WHERE event = ?")
    private static let appliedThrough = SQL("SELECT applied_through FROM progress WHERE one = 1")
    private static let chargeOutcomes = SQL("SELECT seq, outcome FROM event WHERE charge = ? AND state = 'applied' ORDER BY seq")
    private static let agreementOutcomes = SQL("SELECT seq, outcome FROM event WHERE agreement = ? AND state = 'applied' ORDER BY seq")

    private static let newestCharge = SQL("SELECT max(seq) FROM charge")
    private static let newestEvent = SQL("SELECT max(seq) FROM event")

    /// The highest number among the events, which is how many there are; 0 when there is none.
    func newestEvent() throws(StoreError) -> Int64 { try integer(Self.newestEvent) ?? 0 }

    /// The highest number among the charges, which is how many there are: none is ever deleted.
    func newestCharge() throws(StoreError) -> Int64 { try integer(Self.newestCharge) ?? 0 }

    /// The event's raw body; nil when it was purged.
    func payload(of seq: Int64) throws(StoreError) -> [UInt8]? {
        try row(Self.payloadOf, .integer(seq)) { row throws(StoreError) in try row.bytes() }
    }

    func appliedThrough() throws(StoreError) -> Int64 { try integer(Self.appliedThrough) ?? 0 }

    func charge(id: String) throws(StoreError) -> StoredCharge? { try row(Self.chargeByID, .text(id), read: StoredCharge.init(row:)) }

    func agreement(id: String) throws(StoreError) -> StoredAgreement? { try row(Self.agreementByID, .text(id), read: StoredAgreement.init(row:)) }

    func eventsOfCharge(_ seq: Int64) throws(StoreError) -> [ChargeEvent] {
        try rows(Self.chargeEvents, .integer(seq), read: Self.chargeEvent).compactMap { $0 }
    }

    func eventsOfAgreement(_ seq: Int64) throws(StoreError) -> [ChargeEvent] {
        try rows(Self.agreementEvents, .integer(seq), read: Self.chargeEvent).compactMap { $0 }
    }

    func outcomesOfCharge(_ seq: Int64) throws(StoreError) -> [Int64: Outcome] { try outcomes(Self.chargeOutcomes, seq) }

    func outcomesOfAgreement(_ seq: Int64) throws(StoreError) -> [Int64: Outcome] { try outcomes(Self.agreementOutcomes, seq) }

    private func outcomes(_ sql: SQL, _ seq: Int64) throws(StoreError) -> [Int64: Outcome] {
        let pairs: [(Int64, Outcome)] = try rows(sql, .integer(seq)) { row throws(StoreError) in (try row.integer(), try row.word()) }
        return Dictionary(pairs) { _, last in last }
    }

    private static func chargeEvent(_ row: Statement) throws(StoreError) -> ChargeEvent? {
        let seq = try row.integer()
        let id = try row.text()
        return try EventFacts.read(row).map { ChargeEvent(seq: seq, id: id, facts: $0) }
    }
}

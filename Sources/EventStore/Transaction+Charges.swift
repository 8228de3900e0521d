package import PaymentCore

extension Transaction {
    private static let insertChargeRow = SQL(
        """
        INSERT INTO charge (id, version, status, currency, authorized, captured, refunded, voided, charged_back, funds_state, payment_method, merchant_id,
            merchant_reference, order_reference, failure_code, anomalies, created_at, updated_at)
        VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    private static let updateChargeRow = SQL(
        """
        UPDATE charge SET version = ?, status = ?, currency = ?, authorized = ?, captured = ?, refunded = ?, voided = ?, charged_back = ?, funds_state = ?,
            payment_method = ?, merchant_id = ?, merchant_reference = ?, order_reference = ?, failure_code = ?, anomalies = ?, created_at = ?,
            updated_at = ?
        WHERE seq = ?
        """)

    /// The charge as it was last folded; nil when no event of it was applied yet.
    package func charge(id: String) throws(StoreError) -> StoredCharge? { try connection.charge(id: id) }

    /// Every applied event of the charge, in order of arrival.
    package func eventsOfCharge(_ seq: Int64) throws(StoreError) -> [ChargeEvent] { try connection.eventsOfCharge(seq) }

    /// What each applied event of the charge is known as, by event.
    package func outcomesOfCharge(_ seq: Int64) throws(StoreError) -> [Int64: Outcome] { try connection.outcomesOfCharge(seq) }

    /// The events of the charge that are marked as anomalies.
    package func anomalousEvents(ofCharge seq: Int64) throws(StoreError) -> Set<Int64> {
        Set(try outcomesOfCharge(seq).filter { $0.value == .anomaly }.keys)
    }

    /// Version 1 of a charge; returns its seq.
    package func insertCharge(_ charge: Charge) throws(StoreError) -> Int64 {
        try connection.run(Self.insertChargeRow, [.text(charge.id)] + charge.values)
        commit.charges.append(charge.id)
        return connection.lastInsertedSeq
    }

    package func updateCharge(_ seq: Int64, _ charge: Charge, version: Int) throws(StoreError) {
        try connection.run(Self.updateChargeRow, [.count(version)] + charge.values + [.integer(seq)])
        commit.charges.append(charge.id)
    }
}

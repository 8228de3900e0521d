package import PaymentCore

extension Transaction {
    private static let insertAgreementRow = SQL(
        """
        INSERT INTO agreement (id, version, status, payment_method, merchant_id, merchant_reference, failure_code, anomalies, created_at, updated_at)
        VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    private static let updateAgreementRow = SQL(
        """
        UPDATE agreement SET version = ?, status = ?, payment_method = ?, merchant_id = ?, merchant_reference = ?, failure_code = ?, anomalies = ?,
            created_at = ?, updated_at = ?
        WHERE seq = ?
        """)

    /// The agreement as it was last folded; nil when no event of it was applied yet.
    package func agreement(id: String) throws(StoreError) -> StoredAgreement? { try connection.agreement(id: id) }

    /// Every applied event of the agreement, in order of arrival.
    package func eventsOfAgreement(_ seq: Int64) throws(StoreError) -> [ChargeEvent] { try connection.eventsOfAgreement(seq) }

    /// What each applied event of the agreement is known as, by event.
    package func outcomesOfAgreement(_ seq: Int64) throws(StoreError) -> [Int64: Outcome] { try connection.outcomesOfAgreement(seq) }

    /// The events of the agreement that are marked as anomalies.
    package func anomalousEvents(ofAgreement seq: Int64) throws(StoreError) -> Set<Int64> {
        Set(try outcomesOfAgreement(seq).filter { $0.value == .anomaly }.keys)
    }

    /// Version 1 of an agreement; returns its seq.
    package func insertAgreement(_ agreement: Agreement) throws(StoreError) -> Int64 {
        try connection.run(Self.insertAgreementRow, [.text(agreement.id)] + agreement.values)
        return connection.lastInsertedSeq
    }

    package func updateAgreement(_ seq: Int64, _ agreement: Agreement, version: Int) throws(StoreError) {
        try connection.run(Self.updateAgreementRow, [.count(version)] + agreement.values + [.integer(seq)])
    }
}

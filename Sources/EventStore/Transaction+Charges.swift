package import PaymentCore

extension Transaction {
    private static let insertChargeRow = SQL(
        """
        INSERT INTO charge (id, version, status, currency, amount, authorized, captured, refunded, voided, charged_back, refunded_after_chargeback,
            funds_state, payment_method, merchant_id, merchant_reference, order_reference, failure_code, anomalies, created_at, updated_at,
            overdue_at, ask_at, ask_reason)
        VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    private static let updateChargeRow = SQL(updateRow + "ask_at = ?, ask_reason = ?, asked = 0 WHERE seq = ?")
    // Who was put off when the question went out stays put off: an answer alone is no reason to ask again soon.
    private static let updateAnsweredRow = SQL(updateRow + "ask_at = max(?, coalesce(ask_at, 0)), ask_reason = ? WHERE seq = ?")
    private static let updateRow = """
        UPDATE charge SET version = ?, status = ?, currency = ?, amount = ?, authorized = ?, captured = ?, refunded = ?, voided = ?, charged_back = ?,
            refunded_after_chargeback = ?, funds_state = ?, payment_method = ?, merchant_id = ?, merchant_reference = ?, order_reference = ?, failure_code = ?, anomalies = ?, created_at = ?,
            updated_at = ?, overdue_at = ?, 
        """

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
    package func insertCharge(_ charge: Charge, after news: ChargeNews = .webhook) throws(StoreError) -> Int64 {
        try connection.run(Self.insertChargeRow, [.text(charge.id)] + charge.values + doubt(charge, news))
        commit.note(charge)
        let seq = connection.lastInsertedSeq
        try updateAlarms(of: charge, seq: seq, isNew: true)
        return seq
    }

    package func updateCharge(_ seq: Int64, _ charge: Charge, version: Int, after news: ChargeNews = .webhook) throws(StoreError) {
        let row = news == .answer ? Self.updateAnsweredRow : Self.updateChargeRow
        try connection.run(row, [.count(version)] + charge.values + doubt(charge, news) + [.integer(seq)])
        commit.note(charge)
        try updateAlarms(of: charge, seq: seq, isNew: false)
    }

    /// `overdue_at`, `ask_at` and `ask_reason`.
    private func doubt(_ charge: Charge, _ news: ChargeNews) -> [SQLValue] {
        let overdue = charge.overdue
        let isContradicted = news == .anomaly && charge.anomalies > 0
        let at = isContradicted ? charge.updatedAt : overdue?.at
        if let at { commit.note(ask: at) }
        return [.time(overdue?.at), .time(at), .text((isContradicted ? .anomaly : overdue.map { AskReason($0.reason) })?.rawValue)]
    }
}

package import PaymentCore

extension Transaction {
    private static let insertChargeRow = SQL(
        """
        INSERT INTO charge (id, version, status, currency, amount, authorized, captured, refunded, voided, charged_back, refunded_after_chargeback,
            funds_state, payment_method, merchant_id, merchant_reference, order_reference, failure_code, anomalies, created_at, updated_at,
            ask_at, ask_reason, overdue_at)
        VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    // A doubt stands until PPRO has answered: a webhook that fits may bring the question forward, never put it off.
    private static let updateChargeRow = SQL(
        update(
            """
            ask_at = CASE WHEN \(stands) THEN min(ask_at, coalesce(?1, ask_at)) ELSE ?1 END,
            ask_reason = CASE WHEN \(stands) THEN ask_reason ELSE ?2 END, asked = CASE WHEN \(stands) THEN asked ELSE 0 END
            """))
    private static let stands = "coalesce(ask_reason = 'anomaly' OR ask_reason = 'downtime' OR ask_reason = 'operator', 0)"
    private static let updateContradictedRow = SQL(update("ask_at = ?1, ask_reason = ?2, asked = 0"))
    // A doubt that came after the question went out (`asked` is 0) is not answered by it. Who was put off when the question went out stays put off: an
    // answer alone is no reason to ask again soon.
    private static let updateAnsweredRow = SQL(
        update(
            """
            ask_at = CASE WHEN \(stands) AND asked = 0 THEN ask_at ELSE max(?1, coalesce(ask_at, 0)) END,
            ask_reason = CASE WHEN \(stands) AND asked = 0 THEN ask_reason ELSE ?2 END
            """))

    private static func update(_ doubt: String) -> String {
        """
        UPDATE charge SET \(doubt), overdue_at = ?, version = ?, status = ?, currency = ?, amount = ?, authorized = ?, captured = ?, refunded = ?, voided = ?,
            charged_back = ?, refunded_after_chargeback = ?, funds_state = ?, payment_method = ?, merchant_id = ?, merchant_reference = ?,
            order_reference = ?, failure_code = ?, anomalies = ?, created_at = ?, updated_at = ? WHERE seq = ?
        """
    }

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
        let row =
            switch news {
            case .answer: Self.updateAnsweredRow
            case .webhook: Self.updateChargeRow
            case .anomaly: charge.anomalies > 0 ? Self.updateContradictedRow : Self.updateChargeRow
            }
        try connection.run(row, doubt(charge, news) + [.count(version)] + charge.values + [.integer(seq)])
        commit.note(charge)
        try updateAlarms(of: charge, seq: seq, isNew: false)
    }

    /// `ask_at`, `ask_reason` and `overdue_at`.
    private func doubt(_ charge: Charge, _ news: ChargeNews) -> [SQLValue] {
        let overdue = charge.overdue
        let isContradicted = news == .anomaly && charge.anomalies > 0
        let at = isContradicted ? charge.updatedAt : overdue?.at
        if let at { commit.note(ask: at) }
        return [.time(at), .text((isContradicted ? .anomaly : overdue.map { AskReason($0.reason) })?.rawValue), .time(overdue?.at)]
    }
}

import PaymentCore

/// Alarms about charges, oldest first, without those that were acknowledged. Each costs what is pending, dead, overdue or raised, not what is stored.
extension Connection {
    private static let untold = SQL(list(untoldAlarms))
    private static let untoldSums = SQL(sums(untoldAlarms))
    private static let overdue = SQL(list(overdueAlarms))
    private static let overdueSums = SQL(sums(overdueAlarms))
    private static let raised = SQL(list(raisedAlarms))
    private static let raisedSums = SQL(sums(raisedAlarms))
    private static let openSums = SQL(
        """
        SELECT \(AlarmSum.columns) FROM (SELECT currency, \(stake) AS money, created_at AS began FROM charge WHERE overdue_at > ?) GROUP BY currency
        """)

    /// At most `limit` alarms of a kind (all of them when it is negative), of one charge if `charge` is its number. None for `silence`, which is about no one
    /// charge.
    func alarms(_ kind: AlarmKind, _ rules: AlarmRules, now: Instant, limit: Int, charge: Int64? = nil) throws(StoreError) -> [AlarmRow] {
        guard let (sql, before) = Self.query(kind, rules, now) else { return [] }
        return try rows(sql.list, .text(kind.rawValue), .time(before), .integer(charge), .text(Self.names(rules)), .count(limit)) { row throws(StoreError) in
            try AlarmRow(kind, row: row)
        }
    }

    /// All alarms of a kind, by currency.
    func alarmSums(_ kind: AlarmKind, _ rules: AlarmRules, now: Instant) throws(StoreError) -> [AlarmSum] {
        guard let (sql, before) = Self.query(kind, rules, now) else { return [] }
        return try rows(sql.sums, .text(kind.rawValue), .time(before), .integer(nil), .text(Self.names(rules))) { row throws(StoreError) in
            try AlarmSum(kind, row: row)
        }
    }

    /// The charges that are to move on by themselves and still have time to, as if silence had befallen each of them since it was made.
    func openCharges(now: Instant) throws(StoreError) -> [AlarmSum] {
        try rows(Self.openSums, .time(now)) { row throws(StoreError) in try AlarmSum(.silence, row: row) }
    }

    private static func names(_ rules: AlarmRules) -> String {
        var writer = JSONWriter()
        writer.array { writer in rules.endpoints.forEach { writer.string($0) } }
        return writer.text
    }

    private static func query(_ kind: AlarmKind, _ rules: AlarmRules, _ now: Instant) -> ((list: SQL, sums: SQL), before: Instant)? {
        switch kind {
        case .untold: ((untold, untoldSums), now.advanced(byMilliseconds: -rules.untold))
        case .overdue: ((overdue, overdueSums), now.advanced(byMilliseconds: -rules.overdue))
        case .capturedDiffers: ((raised, raisedSums), now.advanced(byMilliseconds: -rules.overdue))
        case .refundedAfterChargeback, .methodCannot, .anomaly: ((raised, raisedSums), Instant(milliseconds: .max))
        case .silence: nil
        }
    }

    // Every query takes ?1 the kind, ?2 the moment before which an alarm must have begun, ?3 the number of a charge or NULL, ?4 the endpoints as JSON.

    private static func list(_ alarms: String) -> String { "SELECT \(AlarmRow.columns) FROM (\(alarms)) ORDER BY began, id LIMIT ?5" }

    // With ?4 in it even where the alarms have no use for it: what is bound must be there.
    private static func sums(_ alarms: String) -> String { "SELECT \(AlarmSum.columns) FROM (\(alarms)) WHERE ?4 IS NOT NULL GROUP BY currency" }

    private static let stake = "CASE WHEN captured > 0 THEN captured WHEN authorized > 0 THEN authorized ELSE coalesce(amount, 0) END"
    private static let heard = """
        NOT EXISTS (SELECT 1 FROM acknowledgement AS k WHERE k.charge = number AND k.kind = ?1 AND k.amount = money AND k.since = began AND k.anomalies = odd)
        """
    private static let ofCharge = "seq AS number, id, merchant_reference, status, payment_method, currency"
    private static let paid = ChargeStatus.allKnown.filter { $0.result == .paid }.map { "'\($0.word)'" }.joined(separator: ", ")

    /// Who has been told that it is paid, or of any later state, knows enough.
    private static let untoldAlarms = """
        SELECT \(ofCharge), \(stake) AS money, min(at) AS began, group_concat(DISTINCT endpoint) AS endpoints, 0 AS odd, min(state) = 'dead' AS is_dead
        FROM (\(undelivered("delivery_lane", "pending")) UNION ALL \(undelivered("delivery_dead", "dead"))) AS u CROSS JOIN charge AS c ON c.seq = u.charge
        WHERE c.status IN (\(paid)) AND u.endpoint IN (SELECT value FROM json_each(?4)) AND NOT EXISTS (
            SELECT 1 FROM notification AS other JOIN delivery AS told ON told.notification = other.seq AND told.endpoint = u.endpoint
            WHERE other.charge = u.charge AND (other.version > u.version OR other.status IN (\(paid))) AND told.state = 'delivered'
        ) AND NOT EXISTS (SELECT 1 FROM attempt AS t WHERE t.delivery = u.delivery AND t.status BETWEEN 200 AND 299)
        GROUP BY c.seq HAVING \(heard)
        """

    private static func undelivered(_ index: String, _ state: String) -> String {
        """
        SELECT n.charge, n.version, n.created_at AS at, d.seq AS delivery, d.endpoint, d.state
        FROM delivery AS d INDEXED BY \(index) CROSS JOIN notification AS n ON n.seq = d.notification
        WHERE d.state = '\(state)' AND n.created_at <= ?2 AND n.charge IS NOT NULL AND n.status IN (\(paid)) AND n.charge = coalesce(?3, n.charge)
        """
    }

    private static let overdueAlarms = """
        SELECT \(ofCharge), \(stake) AS money, overdue_at AS began, NULL AS endpoints, 0 AS odd, 0 AS is_dead
        FROM charge WHERE overdue_at <= ?2 AND seq = coalesce(?3, seq) AND \(heard)
        """

    private static let raisedAlarms = """
        SELECT \(ofCharge), a.amount AS money, a.since AS began, NULL AS endpoints, a.anomalies AS odd, 0 AS is_dead
        FROM alarm AS a CROSS JOIN charge AS c ON c.seq = a.charge
        WHERE a.kind = ?1 AND a.since <= ?2 AND a.charge = coalesce(?3, a.charge) AND \(heard)
        """
}

package import PaymentCore

/// What is wrong with a charge's money by its events, and what an operator has seen of it.
extension Transaction {
    private static let setAlarm = SQL(
        """
        INSERT INTO alarm (charge, kind, amount, since, anomalies) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (charge, kind) DO UPDATE SET amount = excluded.amount, anomalies = excluded.anomalies
        """)
    private static let hasAlarms = SQL("SELECT 1 FROM alarm WHERE charge = ? LIMIT 1")
    private static let clearAlarms = SQL("DELETE FROM alarm WHERE charge = ? AND kind <> ? AND kind <> ? AND kind <> ? AND kind <> ?")
    private static let acknowledge = SQL(
        """
        INSERT INTO acknowledgement (charge, kind, amount, since, anomalies, at, who, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (charge, kind) DO UPDATE SET amount = excluded.amount, since = excluded.since, anomalies = excluded.anomalies, at = excluded.at,
            who = excluded.who, reason = excluded.reason
        """)

    /// Brings the alarms of a charge that was just written up to date. One that stays keeps the moment since when it has been there.
    func updateAlarms(of charge: Charge, seq: Int64, isNew: Bool) throws(StoreError) {
        let alarms = charge.alarms
        if !isNew, try connection.integer(Self.hasAlarms, .integer(seq)) != nil {
            let kept = AlarmKind.ofCharge.map { SQLValue.text(alarms[$0] == nil ? "" : $0.rawValue) }
            try connection.run(Self.clearAlarms, [.integer(seq)] + kept)
        }
        for (kind, amount) in alarms {
            try connection.run(
                Self.setAlarm, .integer(seq), .text(kind.rawValue), .integer(amount), .time(charge.updatedAt),
                .count(kind == .anomaly ? charge.anomalies : 0))
        }
    }

    /// Silences the charge's alarms of these kinds as they are: with another sum, a further anomaly, or raised anew they are heard again. Returns those that were raised and are silent now.
    package func acknowledgeAlarms(
        of id: String, kinds: [AlarmKind], rules: AlarmRules, now: Instant, who: String, reason: String?
    ) throws(StoreError) -> [AlarmRow] {
        guard let stored = try connection.charge(id: id) else { return [] }
        var silenced: [AlarmRow] = []
        for kind in kinds where kind != .silence {
            guard let row = try connection.alarms(kind, rules, now: now, limit: -1, charge: stored.seq).first else { continue }
            try connection.run(
                Self.acknowledge, .integer(stored.seq), .text(kind.rawValue), .integer(row.amount), .time(row.since), .count(row.anomalies),
                .time(now), .text(who), .text(reason))
            silenced.append(row)
        }
        return silenced
    }
}

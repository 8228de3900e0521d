package import PaymentCore

extension Reader {
    /// The oldest alarms of a kind, at most `limit`. None for `silence`: that is about all open charges.
    package func alarms(_ kind: AlarmKind, _ rules: AlarmRules, now: Instant, limit: Int) throws(StoreError) -> [AlarmRow] {
        try connection.alarms(kind, rules, now: now, limit: limit)
    }

    /// All alarms of a kind, by currency. None for `silence`.
    package func alarmSums(_ kind: AlarmKind, _ rules: AlarmRules, now: Instant) throws(StoreError) -> [AlarmSum] {
        try connection.alarmSums(kind, rules, now: now)
    }

    /// The charges that are to move on by themselves and still have time to, by currency.
    package func openCharges(now: Instant) throws(StoreError) -> [AlarmSum] { try connection.openCharges(now: now) }
}

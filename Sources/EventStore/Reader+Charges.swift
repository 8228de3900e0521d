package import PaymentCore

extension Reader {
    private static let chargeHistory = SQL(
        "SELECT \(HistoryRow.columns) FROM notification AS n JOIN event AS e ON e.seq = n.event WHERE n.charge = ? ORDER BY n.version")
    // More attempts under one reference than that have no use for anybody.
    private static let chargesNamed = SQL("SELECT \(StoredCharge.columns) FROM charge WHERE merchant_reference = ? ORDER BY seq DESC LIMIT 100")
    private static let chargesAfter = SQL("SELECT \(StoredCharge.columns) FROM charge WHERE seq > ? ORDER BY seq LIMIT ?")

    package func charges(_ filter: ChargeFilter) throws(StoreError) -> [ChargeRow] {
        try list("SELECT \(StoredCharge.columns) FROM charge", filter.chargeConditions, filter.page, read: StoredCharge.init(row:)).map { ChargeRow($0) }
    }

    /// The charge with its history; nil when there is none.
    package func charge(id: String) throws(StoreError) -> ChargeDetails? {
        try snapshot { reader throws(StoreError) in
            guard let stored = try reader.connection.charge(id: id) else { return nil }
            return ChargeDetails(
                row: ChargeRow(stored), history: try reader.connection.rows(Self.chargeHistory, .integer(stored.seq), read: HistoryRow.init(row:)))
        }
    }

    /// The charge with this id, else the charges under this `merchantPaymentChargeReference`, the newest first and at most 100 of them.
    package func charges(named name: String) throws(StoreError) -> [ChargeRow] {
        if let stored = try connection.charge(id: name) { return [ChargeRow(stored)] }
        return try connection.rows(Self.chargesNamed, .text(name), read: StoredCharge.init(row:)).map { ChargeRow($0) }
    }

    /// Charges in bounded batches, in order of their `seq`: for going through all of them.
    package func everyCharge(afterSeq: Int64, limit: Int) throws(StoreError) -> [StoredCharge] {
        try connection.rows(Self.chargesAfter, .integer(afterSeq), .count(limit), read: StoredCharge.init(row:))
    }

    /// Every applied event of the charge, in order of arrival.
    package func eventsOfCharge(_ seq: Int64) throws(StoreError) -> [ChargeEvent] { try connection.eventsOfCharge(seq) }

    /// What each applied event of the charge is known as, by event.
    package func outcomesOfCharge(_ seq: Int64) throws(StoreError) -> [Int64: Outcome] { try connection.outcomesOfCharge(seq) }
}

extension ChargeFilter {
    /// With what only charges have.
    fileprivate var chargeConditions: Conditions {
        var conditions = conditions
        if let reference { conditions.add("(merchant_reference = ? OR order_reference = ?)", .text(reference), .text(reference)) }
        return conditions
    }

    var conditions: Conditions {
        var conditions = Conditions()
        conditions.add(anyOf: "id = ?", ids.map { .text($0) })
        conditions.add(anyOf: "status = ?", statuses.map { .text($0) })
        if anomalous { conditions.add("anomalies > 0") }
        if let since { conditions.add("updated_at >= ?", .time(since)) }
        if let until { conditions.add("created_at < ?", .time(until)) }
        return conditions
    }
}

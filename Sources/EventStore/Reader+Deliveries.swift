import PaymentCore

extension Reader {
    private static let from = "FROM delivery AS d JOIN notification AS n ON n.seq = d.notification"
    private static let deliveriesOf = SQL("SELECT \(DeliveryRow.columns) \(from) WHERE n.id = ? ORDER BY d.seq")
    private static let attemptsOf = SQL("SELECT \(AttemptRow.columns) FROM attempt WHERE delivery = ? ORDER BY number")
    private static let bodyOfNotification = SQL("SELECT body FROM notification WHERE id = ?")

    package func deliveries(_ filter: DeliveryFilter) throws(StoreError) -> [DeliveryRow] {
        var conditions = Conditions()
        conditions.add(
            anyOf: filter.states.map { state -> StaticString in
                switch state {
                case .pending: "d.state = 'pending'"
                case .delivered: "d.state = 'delivered'"
                case .dead: "d.state = 'dead'"
                }
            })
        conditions.add(anyOf: "n.type GLOB ?", filter.types.map { .text($0.glob) })
        if let charge = filter.charge { conditions.add("n.charge = (SELECT seq FROM charge WHERE id = ?)", .text(charge)) }
        if let agreement = filter.agreement { conditions.add("n.agreement = (SELECT seq FROM agreement WHERE id = ?)", .text(agreement)) }
        if let endpoint = filter.endpoint { conditions.add("d.endpoint = ?", .text(endpoint)) }
        if let since = filter.since { conditions.add("n.created_at >= ?", .time(since)) }
        if let until = filter.until { conditions.add("n.created_at < ?", .time(until)) }
        return try list("SELECT \(DeliveryRow.columns) \(Self.from)", conditions, filter.page, seq: "d.seq", read: DeliveryRow.init(row:))
    }

    /// The notification's deliveries, one an endpoint, with their attempts; empty when there is none.
    package func delivery(id: String) throws(StoreError) -> [DeliveryDetails] {
        try snapshot { reader throws(StoreError) in
            let connection = reader.connection
            let stored = try connection.row(Self.bodyOfNotification, .text(id)) { row throws(StoreError) in try row.bytesOrNil() } ?? nil
            let rows = try connection.rows(Self.deliveriesOf, .text(id), read: DeliveryRow.init(row:))
            var details: [DeliveryDetails] = []
            for row in rows {
                let attempts = try connection.rows(Self.attemptsOf, .integer(row.seq), read: AttemptRow.init(row:))
                details.append(DeliveryDetails(row: row, attempts: attempts, body: stored.flatMap(StoredBody.expanded), isPurged: stored == nil))
            }
            return details
        }
    }
}

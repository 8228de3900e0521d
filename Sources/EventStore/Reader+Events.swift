import PaymentCore

extension Reader {
    private static let eventBySeq = SQL("SELECT \(EventRow.columns) FROM event WHERE seq = ?")
    private static let factsOf = SQL("SELECT \(EventFacts.columns) FROM event WHERE seq = ?")
    private static let conflictsOf = SQL("SELECT received_at, body_sha256, body FROM conflict WHERE event = ? ORDER BY seq")
    private static let notificationsOf = SQL("SELECT id FROM notification WHERE event = ? ORDER BY seq")

    package func events(_ filter: EventFilter) throws(StoreError) -> [EventRow] {
        var conditions = Conditions()
        conditions.add(
            anyOf: filter.states.map { state -> StaticString in
                switch state {
                // Through the two ends where they can be: never over all that is applied.
                case .received: "(state = 'received' AND (again = 1 OR seq > (SELECT applied_through FROM progress WHERE one = 1)))"
                case .applied: "state = 'applied'"
                case .failed: "state = 'failed'"
                }
            })
        conditions.add(anyOf: "type GLOB ?", filter.types.map { .text($0.glob) })
        if let charge = filter.charge {
            conditions.add(
                """
                seq IN (SELECT seq FROM event WHERE charge = (SELECT seq FROM charge WHERE id = ?) UNION ALL
                    SELECT seq FROM event WHERE state = 'failed' AND kind = 'charge' AND subject = ? UNION ALL
                    SELECT seq FROM event WHERE again = 1 AND kind = 'charge' AND subject = ? UNION ALL
                    SELECT seq FROM event WHERE seq > (SELECT applied_through FROM progress WHERE one = 1) AND kind = 'charge' AND subject = ?)
                """, .text(charge), .text(charge), .text(charge), .text(charge))
        }
        if let agreement = filter.agreement {
            conditions.add(
                """
                seq IN (SELECT seq FROM event WHERE agreement = (SELECT seq FROM agreement WHERE id = ?) UNION ALL
                    SELECT seq FROM event WHERE state = 'failed' AND kind = 'agreement' AND subject = ? UNION ALL
                    SELECT seq FROM event WHERE again = 1 AND kind = 'agreement' AND subject = ? UNION ALL
                    SELECT seq FROM event WHERE seq > (SELECT applied_through FROM progress WHERE one = 1) AND kind = 'agreement' AND subject = ?)
                """, .text(agreement), .text(agreement), .text(agreement), .text(agreement))
        }
        // Through the conflicts themselves, of which there are few.
        if filter.conflicting { conditions.add("seq IN (SELECT event FROM conflict)") }
        if let since = filter.since { conditions.add("received_at >= ?", .time(since)) }
        if let until = filter.until { conditions.add("received_at < ?", .time(until)) }
        return try list("SELECT \(EventRow.columns) FROM event", conditions, filter.page, read: EventRow.init(row:))
    }

    /// Everything about the event; nil when there is none.
    package func event(seq: Int64) throws(StoreError) -> EventDetails? {
        try snapshot { reader throws(StoreError) in
            let connection = reader.connection
            guard let row = try connection.row(Self.eventBySeq, .integer(seq), read: EventRow.init(row:)) else { return nil }
            return EventDetails(
                row: row,
                facts: try connection.row(Self.factsOf, .integer(seq), read: EventFacts.read) ?? nil,
                body: try connection.payload(of: seq),
                conflictingBodies: try connection.rows(Self.conflictsOf, .integer(seq), read: EventDetails.ConflictingBody.init(row:)),
                notifications: try connection.rows(Self.notificationsOf, .integer(seq)) { row throws(StoreError) in try row.text() })
        }
    }

    /// Everything about the event with this CloudEvents `id`; the newest, should several sources use it.
    package func event(id: String) throws(StoreError) -> EventDetails? {
        guard let seq = try newestEventSeq(id: id) else { return nil }
        return try event(seq: seq)
    }
}

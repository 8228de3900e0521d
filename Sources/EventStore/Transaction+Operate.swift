package import PaymentCore

extension Transaction {
    private static let eventAgain = SQL("UPDATE event SET state = 'received', error = NULL, again = 1 WHERE seq = ? AND state = 'failed'")
    private static let deliveryAgain = SQL(
        """
        UPDATE delivery SET state = 'pending', next_attempt_at = ?2, finished_at = NULL, round = attempts
        WHERE seq = ?1 AND state <> 'pending' RETURNING endpoint, lane
        """)
    private static let insertReplay = SQL("INSERT INTO replay (at, who, reason, selection, events, deliveries) VALUES (?, ?, ?, ?, ?, ?)")

    /// Does again what failed: failed events wait for the worker, finished deliveries are due under the same notification id. Safe to repeat: what is
    /// under way already is not selected. `dryRun` only counts.
    package func replay(
        _ selection: ReplaySelection, now: Instant, who: String, reason: String?, dryRun: Bool
    ) throws(StoreError) -> ReplayCount {
        guard !selection.isEmpty else { return ReplayCount(events: 0, deliveries: 0) }
        let events = try failedEvents(selection)
        let room = selection.limit.map { max(0, $0 - events.count) }
        let deliveries = try finishedDeliveries(selection, limit: room)
        let count = ReplayCount(events: events.count, deliveries: deliveries.count)
        guard !dryRun else { return count }
        for seq in events { try connection.run(Self.eventAgain, .integer(seq)) }
        var lanes: [String: Set<Int64>] = [:]
        for seq in deliveries {
            let place = try connection.row(Self.deliveryAgain, .integer(seq), .time(now)) { row throws(StoreError) in
                (endpoint: try row.text(), lane: try row.integer())
            }
            if let place { lanes[place.endpoint, default: []].insert(place.lane) }
        }
        for (endpoint, numbers) in lanes {
            for lane in numbers { try settle(endpoint: endpoint, lane: lane, now: now) }
        }
        try connection.run(
            Self.insertReplay, .time(now), .text(who), .text(reason), .text(selection.json), .count(count.events), .count(count.deliveries))
        if !events.isEmpty { commit.events = true }
        if !deliveries.isEmpty { commit.deliveries = true }
        return count
    }

    private func failedEvents(_ selection: ReplaySelection) throws(StoreError) -> [Int64] {
        // An event has no endpoint: who names one means deliveries.
        guard selection.endpoint == nil else { return [] }
        var conditions = Conditions()
        conditions.add("state = 'failed'")
        if let event = selection.event { conditions.add("id = ?", .text(event)) }
        if let charge = selection.charge { conditions.add("subject = ?", .text(charge)) }
        if let type = selection.type { conditions.add("type GLOB ?", .text(type.glob)) }
        if let since = selection.since { conditions.add("received_at >= ?", .time(since)) }
        if let until = selection.until { conditions.add("received_at < ?", .time(until)) }
        let statement = try connection.prepare("SELECT seq FROM event \(conditions.sql) ORDER BY seq LIMIT ?")
        return try connection.rows(of: statement, conditions.values + [.count(selection.limit ?? -1)]) { row throws(StoreError) in try row.integer() }
    }

    private func finishedDeliveries(_ selection: ReplaySelection, limit: Int?) throws(StoreError) -> [Int64] {
        var conditions = Conditions()
        conditions.add(anyOf: selection.delivered ? ["d.state = 'dead'", "d.state = 'delivered'"] : ["d.state = 'dead'"])
        if let endpoint = selection.endpoint { conditions.add("d.endpoint = ?", .text(endpoint)) }
        if let event = selection.event {
            conditions.add(anyOf: "n.event = ?", try connection.eventSeqs(id: event, candidates: candidates).map { .integer($0) } + [.integer(nil)])
        }
        if let charge = selection.charge { conditions.add("n.charge = (SELECT seq FROM charge WHERE id = ?)", .text(charge)) }
        if let type = selection.type { conditions.add("n.type GLOB ?", .text(type.glob)) }
        if let since = selection.since { conditions.add("n.created_at >= ?", .time(since)) }
        if let until = selection.until { conditions.add("n.created_at < ?", .time(until)) }
        let statement = try connection.prepare(
            "SELECT d.seq FROM delivery AS d JOIN notification AS n ON n.seq = d.notification \(conditions.sql) ORDER BY d.seq LIMIT ?")
        return try connection.rows(of: statement, conditions.values + [.count(limit ?? -1)]) { row throws(StoreError) in try row.integer() }
    }
}

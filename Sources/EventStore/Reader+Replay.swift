import PaymentCore

extension Reader {
    /// What the selection means now. What is under way already is not in it, so a replay is safe to repeat.
    package func replayPlan(_ selection: ReplaySelection) throws(StoreError) -> ReplayPlan {
        guard !selection.isEmpty else { return ReplayPlan() }
        return try snapshot { reader throws(StoreError) in
            let events = try reader.failedEvents(selection)
            var endpoints: [String] = []
            var purged = 0
            let limit = selection.limit.map { max(0, $0 - events.count) }
            let deliveries = try reader.finishedDeliveries(selection, limit: limit, endpoints: &endpoints, purged: &purged)
            return ReplayPlan(events: events, deliveries: deliveries, endpoints: endpoints, purged: purged)
        }
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

    private func finishedDeliveries(
        _ selection: ReplaySelection, limit: Int?, endpoints: inout [String], purged: inout Int
    ) throws(StoreError) -> [ReplayPlan.Delivery] {
        guard limit != 0 else { return [] }
        var conditions = Conditions()
        conditions.add(anyOf: selection.delivered ? ["d.state = 'dead'", "d.state = 'delivered'"] : ["d.state = 'dead'"])
        if let endpoint = selection.endpoint { conditions.add("d.endpoint = ?", .text(endpoint)) }
        if let event = selection.event {
            conditions.add(anyOf: "n.event = ?", try eventSeqs(id: event).map { .integer($0) } + [.integer(nil)])
        }
        if let charge = selection.charge { conditions.add("n.charge = (SELECT seq FROM charge WHERE id = ?)", .text(charge)) }
        if let type = selection.type { conditions.add("n.type GLOB ?", .text(type.glob)) }
        if let since = selection.since { conditions.add("n.created_at >= ?", .time(since)) }
        if let until = selection.until { conditions.add("n.created_at < ?", .time(until)) }
        // Notifications lie among their bodies: they are read only when something is asked about them.
        let asksNotification =
            selection.event != nil || selection.charge != nil || selection.type != nil || selection.since != nil || selection.until != nil
        // Without it SQLite would walk over all that was ever delivered, for the order.
        let through = selection.delivered || selection.event != nil || selection.charge != nil ? "" : "INDEXED BY delivery_dead"
        // Only what was delivered can have been purged.
        let join = asksNotification || selection.delivered ? "JOIN notification AS n ON n.seq = d.notification" : ""
        let isPurged = selection.delivered ? "n.body IS NULL" : "0"
        let statement = try connection.prepare(
            "SELECT d.seq, d.endpoint, d.lane, d.attempts, \(isPurged) FROM delivery AS d \(through) \(join) \(conditions.sql) ORDER BY d.seq LIMIT ?")
        var places: [String: Int] = [:]
        var found: [ReplayPlan.Delivery] = []
        _ = try connection.rows(of: statement, conditions.values + [.count(limit ?? -1)]) { row throws(StoreError) in
            let (seq, endpoint) = (try row.integer(), try row.text())
            let place = places[endpoint] ?? places.count
            places[endpoint] = place
            let delivery = ReplayPlan.Delivery(seq: seq, endpoint: place, lane: try row.integer(), attempts: try row.integer())
            if try row.flag() { purged += 1 } else { found.append(delivery) }
        }
        endpoints = places.sorted { $0.value < $1.value }.map(\.key)
        return found
    }
}

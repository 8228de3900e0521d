import PaymentCore

extension Transaction {
    private static let eventAgain = SQL("UPDATE event SET state = 'received', error = NULL, again = 1 WHERE seq = ? AND state = 'failed'")
    private static let deliveryAgain = SQL(
        """
        UPDATE delivery SET state = 'pending', next_attempt_at = ?3, finished_at = NULL, round = attempts
        WHERE seq = ?1 AND attempts = ?2 AND state <> 'pending'
            AND EXISTS (SELECT 1 FROM notification AS n WHERE n.seq = delivery.notification AND n.body IS NOT NULL)
        """)
    private static let insertReplay = SQL("INSERT INTO replay (at, who, reason, selection, events, deliveries) VALUES (?, ?, ?, ?, ?, ?)")
    private static let countReplay = SQL("UPDATE replay SET events = events + ?2, deliveries = deliveries + ?3 WHERE seq = ?1")

    /// Does a slice again: failed events wait for the worker, finished deliveries are due under the same notification id. What is no longer as the plan
    /// found it is left alone. The record counts it in the same transaction, so it is true whatever happens to the slices that follow.
    /// - Parameter record: the replay's record; nil with the first slice, which writes it.
    package func replay(
        _ slice: ReplayPlan.Slice, of request: ReplayRequest, record: Int64?
    ) throws(StoreError) -> (record: Int64, count: ReplayCount) {
        var count = ReplayCount(events: 0, deliveries: 0)
        for seq in slice.events {
            try connection.run(Self.eventAgain, .integer(seq))
            count.events += connection.changes
        }
        var first: ReplayPlan.Delivery?
        for delivery in slice.deliveries {
            let isFirst = first.map { !$0.isInLane(of: delivery) } ?? true
            if isFirst {
                try settle(first, slice.endpoints, request.at)
                first = delivery
            }
            // The others of its lane wait for it.
            try connection.run(Self.deliveryAgain, .integer(delivery.seq), .integer(delivery.attempts), .time(isFirst ? request.at : nil))
            count.deliveries += connection.changes
        }
        try settle(first, slice.endpoints, request.at)
        if count.events > 0 { commit.events = true }
        if count.deliveries > 0 { commit.deliveries = true }
        if let record {
            try connection.run(Self.countReplay, .integer(record), .count(count.events), .count(count.deliveries))
            return (record, count)
        }
        try connection.run(
            Self.insertReplay, .time(request.at), .text(request.who), .text(request.reason), .text(request.selection.json), .count(count.events),
            .count(count.deliveries))
        return (connection.lastInsertedSeq, count)
    }

    private func settle(_ delivery: ReplayPlan.Delivery?, _ endpoints: [String], _ now: Instant) throws(StoreError) {
        guard let delivery else { return }
        try settle(endpoint: endpoints[delivery.endpoint], lane: delivery.lane, now: now)
    }
}

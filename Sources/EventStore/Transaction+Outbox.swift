package import PaymentCore

extension Transaction {
    /// What a notification is about, by `seq`. Notifications about one thing reach an endpoint in order.
    package enum About: Sendable, Equatable {
        case charge(Int64)
        case agreement(Int64)
        /// An event without state here: in no order with any other.
        case event
    }

    private static let insertNotification = SQL(
        """
        INSERT INTO notification (id, type, subject, version, previous_status, status, charge, agreement, event, created_at, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    private static let insertDelivery = SQL(
        """
        INSERT INTO delivery (notification, endpoint, lane, state, attempts, next_attempt_at)
        VALUES (?1, ?2, ?3, 'pending', 0,
            CASE WHEN EXISTS (SELECT 1 FROM delivery WHERE endpoint = ?2 AND lane = ?3 AND state = 'pending') THEN NULL ELSE ?4 END)
        """)
    private static let due = SQL(
        """
        SELECT d.seq, d.lane, d.attempts, d.round, n.id, n.type, n.subject, n.body
        FROM delivery AS d INDEXED BY delivery_due JOIN notification AS n ON n.seq = d.notification
        WHERE d.endpoint = ?1 AND d.state = 'pending' AND d.next_attempt_at IS NOT NULL AND d.next_attempt_at <= ?2
            AND NOT EXISTS (SELECT 1 FROM delivery AS e WHERE e.endpoint = d.endpoint AND e.lane = d.lane AND e.state = 'pending' AND e.seq < d.seq)
        ORDER BY d.next_attempt_at, d.seq LIMIT ?3
        """)
    private static let nextDueAfter = SQL(
        """
        SELECT next_attempt_at FROM delivery
        WHERE endpoint = ? AND state = 'pending' AND next_attempt_at IS NOT NULL AND next_attempt_at > ? ORDER BY next_attempt_at LIMIT 1
        """)
    private static let insertAttempt = SQL("INSERT INTO attempt (delivery, number, at, status, error, duration_ms) VALUES (?, ?, ?, ?, ?, ?)")
    private static let laneOf = SQL("SELECT endpoint, lane FROM delivery WHERE seq = ? AND state = 'pending' AND attempts = ?")
    private static let recordOutcome = SQL(
        """
        UPDATE delivery SET state = ?2, attempts = ?3, next_attempt_at = ?4, last_status = ?5, last_error = ?6, finished_at = ?7
        WHERE seq = ?1
        """)
    private static let firstOfLane = SQL("SELECT seq FROM delivery WHERE endpoint = ? AND lane = ? AND state = 'pending' ORDER BY seq LIMIT 1")
    private static let makeFirst = SQL("UPDATE delivery SET next_attempt_at = ? WHERE seq = ? AND next_attempt_at IS NULL")
    private static let holdOthers = SQL(
        """
        UPDATE delivery SET next_attempt_at = NULL
        WHERE endpoint = ? AND lane = ? AND state = 'pending' AND seq > ? AND next_attempt_at IS NOT NULL
        """)
    private static let pull = SQL(
        """
        UPDATE delivery SET next_attempt_at = ?2
        WHERE endpoint = ?1 AND state = 'pending' AND next_attempt_at IS NOT NULL AND next_attempt_at > ?2
        """)
    private static let reclamp = SQL(
        """
        UPDATE delivery SET next_attempt_at = ?2
        WHERE state = 'pending' AND next_attempt_at IS NOT NULL AND next_attempt_at > ?2 AND (next_attempt_at > ?1 OR attempts = round)
        """)
    private static let restartWaits = SQL(
        """
        UPDATE delivery SET next_attempt_at = ?1 + max(0, next_attempt_at - (SELECT a.at FROM attempt AS a WHERE a.delivery = delivery.seq AND a.number = attempts))
        WHERE state = 'pending' AND next_attempt_at IS NOT NULL AND next_attempt_at > ?1
            AND (SELECT a.at FROM attempt AS a WHERE a.delivery = delivery.seq AND a.number = attempts) > ?1
        """)
    private static let moveDue = SQL(
        "UPDATE delivery SET next_attempt_at = next_attempt_at + ? WHERE state = 'pending' AND next_attempt_at IS NOT NULL")
    private static let lanesWithoutFirst = SQL(
        "SELECT endpoint, lane FROM delivery WHERE state = 'pending' GROUP BY endpoint, lane HAVING count(next_attempt_at) <> 1")
    private static let countPending = SQL("SELECT count(*) FROM delivery WHERE endpoint = ? AND state = 'pending'")
    private static let countDead = SQL("SELECT count(*) FROM delivery WHERE endpoint = ? AND state = 'dead'")

    /// Writes the notification and one delivery for each endpoint; with no endpoints it is history only.
    package func enqueue(
        _ notification: Notification, about: About, cause: Int64, endpoints: [String], now: Instant
    ) throws(StoreError) {
        let (charge, agreement): (Int64?, Int64?) =
            switch about {
            case .charge(let seq): (seq, nil)
            case .agreement(let seq): (nil, seq)
            case .event: (nil, nil)
            }
        try connection.run(
            Self.insertNotification, .text(notification.id), .text(notification.type), .text(notification.subject), .count(notification.version),
            .text(notification.previousStatus), .text(notification.status), .integer(charge), .integer(agreement), .integer(cause), .time(now),
            .blob(about == .event ? notification.body : StoredBody.compressed(notification.body)))
        let seq = connection.lastInsertedSeq
        commit.notifications = true
        let lane: Int64 = if let charge { charge * 2 } else if let agreement { agreement * 2 + 1 } else { -seq }
        for endpoint in endpoints {
            try connection.run(Self.insertDelivery, .integer(seq), .text(endpoint), .integer(lane), .time(now))
            commit.deliveries = true
        }
    }

    /// What may be sent now, longest due first: at most one of a lane, and none of `excluding` (those under way, by `seq`).
    package func dueDeliveries(endpoint: String, now: Instant, limit: Int, excluding: Set<Int64>) throws(StoreError) -> [DueDelivery] {
        let due = try connection.rows(Self.due, .text(endpoint), .time(now), .count(limit + excluding.count), read: DueDelivery.init(row:))
        return Array(due.lazy.filter { !excluding.contains($0.seq) }.prefix(limit))
    }

    /// When the next delivery that is not due at `now` becomes due.
    package func nextDue(endpoint: String, after now: Instant) throws(StoreError) -> Instant? {
        try connection.integer(Self.nextDueAfter, .text(endpoint), .time(now)).map { Instant(milliseconds: $0) }
    }

    /// Records an attempt and moves its delivery on. Throws `attempt_stale` when the delivery has moved on since it was handed out: then nothing is written.
    package func recordAttempt(_ record: AttemptRecord) throws(StoreError) {
        let (state, next, finished): (DeliveryState, Instant?, Instant?) =
            switch record.next {
            case .delivered: (.delivered, nil, record.finishedAt)
            case .dead: (.dead, nil, record.finishedAt)
            case .retry(let at): (.pending, at, nil)
            }
        let place = try connection.row(Self.laneOf, .integer(record.delivery), .count(record.number - 1)) { row throws(StoreError) in
            (endpoint: try row.text(), lane: try row.integer())
        }
        guard let place else {
            throw StoreError(.attemptStale, message: "delivery \(record.delivery) is no longer waiting for attempt \(record.number)")
        }
        try connection.run(
            Self.recordOutcome, .integer(record.delivery), .text(state.rawValue), .count(record.number), .time(next), .count(record.status),
            .text(record.error), .time(finished))
        try connection.run(
            Self.insertAttempt, .integer(record.delivery), .count(record.number), .time(record.at), .count(record.status), .text(record.error),
            .integer(max(0, record.durationMilliseconds)))
        // The next of the lane is due since this attempt began: at once, even if the clock was set back meanwhile.
        try settle(endpoint: place.endpoint, lane: place.lane, now: record.at)
    }

    /// Gives the first pending delivery of the lane its turn, and takes it from all others.
    func settle(endpoint: String, lane: Int64, now: Instant) throws(StoreError) {
        guard let first = try connection.integer(Self.firstOfLane, .text(endpoint), .integer(lane)) else { return }
        try connection.run(Self.makeFirst, .time(now), .integer(first))
        if connection.changes > 0 { commit.deliveries = true }
        try connection.run(Self.holdOthers, .text(endpoint), .integer(lane), .integer(first))
    }

    /// Makes everything that waits for a later attempt due now; returns how many. For an endpoint that has come back.
    package func pullForward(endpoint: String, now: Instant) throws(StoreError) -> Int {
        try connection.run(Self.pull, .text(endpoint), .time(now))
        let count = connection.changes
        if count > 0 { commit.deliveries = true }
        return count
    }

    /// Deliveries of the endpoint that are still to be made and that were given up.
    package func backlog(endpoint: String) throws(StoreError) -> Backlog {
        Backlog(
            pending: Int(clamping: try connection.integer(Self.countPending, .text(endpoint)) ?? 0),
            dead: Int(clamping: try connection.integer(Self.countDead, .text(endpoint)) ?? 0))
    }

    /// The clock was set, by so much: waits go on as they were, so that a clock put forward starts no burst and one put back no silence.
    package func moveDue(byMilliseconds milliseconds: Int64) throws(StoreError) {
        try connection.run(Self.moveDue, .integer(milliseconds))
        if connection.changes > 0 { commit.deliveries = true }
    }

    /// At start, for what was written while the clock was ahead: a wait that began after `now` begins now.
    package func restartWaits(now: Instant) throws(StoreError) {
        try connection.run(Self.restartWaits, .time(now))
        if connection.changes > 0 { commit.deliveries = true }
    }

    /// Brings back due times that no clock can have meant: later than `latest`, or in the future for what was never tried since it was put in (its first attempt
    /// is always due at once). And gives every lane exactly one turn.
    package func reclampDue(latest: Instant, now: Instant) throws(StoreError) {
        try connection.run(Self.reclamp, .time(latest), .time(now))
        if connection.changes > 0 { commit.deliveries = true }
        let lanes = try connection.rows(Self.lanesWithoutFirst) { row throws(StoreError) in (endpoint: try row.text(), lane: try row.integer()) }
        for lane in lanes { try settle(endpoint: lane.endpoint, lane: lane.lane, now: now) }
    }
}

extension AttemptRecord {
    var finishedAt: Instant { at.advanced(byMilliseconds: max(0, durationMilliseconds)) }
}

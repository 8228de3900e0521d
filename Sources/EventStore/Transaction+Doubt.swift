package import PaymentCore

/// Which charges PPRO is to be asked about, and when.
extension Transaction {
    // Doubling from a minute up to six hours.
    private static let claimDue = SQL(
        """
        UPDATE charge SET asked = asked + 1, ask_at = ?1 + min(\(longestAskWait), \(firstAskWait) << min(asked, 20))
        WHERE seq IN (SELECT seq FROM charge WHERE ask_at <= ?1 ORDER BY ask_at LIMIT ?2) RETURNING id, ask_reason
        """)
    private static let settleDoubt = SQL("UPDATE charge SET ask_at = max(?, coalesce(ask_at, 0)), ask_reason = ? WHERE seq = ? AND asked > 0")
    private static let endDoubt = SQL("UPDATE charge SET ask_at = NULL, ask_reason = NULL WHERE seq = ? AND asked > 0")
    private static let putOff = SQL("UPDATE charge SET ask_at = ?, asked = asked - 1 WHERE id = ? AND asked > 0 AND ask_at IS NOT NULL")
    private static let firstAsk = SQL("SELECT min(ask_at) FROM charge WHERE ask_at IS NOT NULL")
    private static let openAfter = SQL(
        """
        SELECT seq FROM charge INDEXED BY charge_open
        WHERE status <> 'CAPTURED' AND status <> 'REFUNDED' AND status <> 'VOIDED' AND status <> 'DISCARDED' AND status <> 'FAILED'
            AND seq > ?
        ORDER BY seq LIMIT ?
        """)
    private static let doubtOne = SQL("UPDATE charge SET ask_at = ?, ask_reason = ?, asked = 0 WHERE seq = ?")
    private static let doubtChanged = SQL("UPDATE charge SET ask_at = ?, ask_reason = ?, asked = 0 WHERE seq > ? AND seq <= ? AND updated_at >= ?")

    package static let firstAskWait: Int64 = 60_000
    package static let longestAskWait: Int64 = 6 * 3_600_000

    /// The charges whose turn it is, the longest waiting first. Each is put off in the same step, a minute the first time and twice as long each time after,
    /// so that one whose answer never comes is asked about again, and none of them for ever at the same pace.
    package func claimAsks(limit: Int, now: Instant) throws(StoreError) -> [DueAsk] {
        try connection.rows(Self.claimDue, .time(now), .count(limit)) { row throws(StoreError) in DueAsk(charge: try row.text(), reason: try row.word()) }
    }

    /// PPRO has nothing new to say: the doubt ends, or begins again when the charge is overdue, no sooner than it was put off to.
    package func settleAsk(charge id: String) throws(StoreError) {
        guard let stored = try connection.charge(id: id) else { return }
        if let overdue = stored.charge.overdue {
            try connection.run(Self.settleDoubt, .time(overdue.at), .text(AskReason(overdue.reason).rawValue), .integer(stored.seq))
        } else {
            try connection.run(Self.endDoubt, .integer(stored.seq))
        }
    }

    /// Nobody answered, which says nothing of the charge: its turn comes again at `time`, and this one does not count.
    package func postponeAsk(charge id: String, until time: Instant) throws(StoreError) {
        try connection.run(Self.putOff, .time(time), .text(id))
    }

    /// When the next charge's turn comes; nil: there is no doubt.
    package func nextAsk() throws(StoreError) -> Instant? { try connection.integer(Self.firstAsk).map { Instant(milliseconds: $0) } }

    /// Asks at once about the next charges that are open, up to `limit` of them: neither final nor paid, so that something is still to happen. Returns where to go on from; nil: there were none.
    package func doubtOpenCharges(_ reason: AskReason, after place: OpenPlace, limit: Int, now: Instant) throws(StoreError) -> OpenPlace? {
        let open = try connection.rows(Self.openAfter, .integer(place.seq), .count(limit)) { row throws(StoreError) in try row.integer() }
        for seq in open { try connection.run(Self.doubtOne, .time(now), .text(reason.rawValue), .integer(seq)) }
        guard let last = open.last else { return nil }
        commit.note(ask: now)
        return OpenPlace(seq: last, passed: place.passed + open.count)
    }

    /// Asks at once about every charge numbered after `seq` up to `through` that changed at or after `since`, open or not. Returns how many.
    package func doubtCharges(changedSince since: Instant, afterSeq seq: Int64, through: Int64, now: Instant) throws(StoreError) -> Int {
        try connection.run(
            Self.doubtChanged, .time(now), .text(AskReason.operator.rawValue), .integer(seq), .integer(through), .time(since))
        let count = connection.changedRows
        if count > 0 { commit.note(ask: now) }
        return count
    }

    /// The highest number among the charges; 0 when there are none.
    package func newestCharge() throws(StoreError) -> Int64 { try connection.newestCharge() }
}

/// How far a walk over the open charges has come.
package struct OpenPlace: Sendable, Equatable {
    var seq: Int64 = 0
    /// How many charges lie behind.
    package var passed = 0

    package static let start = OpenPlace()
}

extension AskReason {
    init(_ reason: Overdue.Reason) {
        switch reason {
        case .pending: self = .pending
        case .processing: self = .processing
        }
    }
}

package import PaymentCore

extension Reader {
    // Rows are numbered without gaps and never deleted, so the newest number is the count; the rest is read through the partial indexes.
    private static let newest = SQL("SELECT seq FROM event ORDER BY seq DESC LIMIT 1")
    // Only answers of PPRO's API lie between the newest event and the newest webhook: a few, since each is asked for one by one.
    private static let newestWebhook = SQL("SELECT received_at FROM event WHERE source <> '\(Event.reconcileSource)' ORDER BY seq DESC LIMIT 1")
    private static let failedCount = SQL("SELECT count(*) FROM event WHERE state = 'failed'")
    private static let failedAfter = SQL("SELECT count(*) FROM event WHERE state = 'failed' AND seq > ?")
    private static let againUpTo = SQL("SELECT count(*) FROM event WHERE again = 1 AND seq <= ?")
    private static let oldestAgain = SQL("SELECT received_at FROM event WHERE again = 1 ORDER BY seq LIMIT 1")
    private static let oldestWaiting = SQL("SELECT received_at FROM event WHERE seq > ? AND state = 'received' AND again = 0 ORDER BY seq LIMIT 1")
    static let conflictCount = SQL("SELECT max(seq) FROM conflict")
    private static let agreementCount = SQL("SELECT max(seq) FROM agreement")
    private static let anomalousCharges = SQL("SELECT count(*) FROM charge WHERE anomalies > 0")
    private static let anomalousAgreements = SQL("SELECT count(*) FROM agreement WHERE anomalies > 0")
    private static let deliveryCount = SQL("SELECT max(seq) FROM delivery")
    private static let pendingByEndpoint = SQL("SELECT endpoint, count(*) FROM delivery WHERE state = 'pending' GROUP BY endpoint")
    private static let deadByEndpoint = SQL("SELECT endpoint, count(*) FROM delivery WHERE state = 'dead' GROUP BY endpoint")
    private static let nextOfEndpoint = SQL(
        """
        SELECT next_attempt_at FROM delivery
        WHERE endpoint = ? AND state = 'pending' AND next_attempt_at IS NOT NULL ORDER BY next_attempt_at LIMIT 1
        """)

    /// When the newest webhook came; PPRO's answers to our own questions do not count.
    package func newestWebhook() throws(StoreError) -> Instant? { try connection.integer(Self.newestWebhook).map { Instant(milliseconds: $0) } }

    /// How things stand. Costs what is waiting, failed or dead, not what is stored.
    package func status() throws(StoreError) -> StoreStatus {
        try snapshot { reader throws(StoreError) in
            var status = StoreStatus()
            try reader.countEvents(&status)
            status.conflicts = try reader.count(Self.conflictCount)
            status.charges = try reader.connection.newestCharge()
            status.agreements = try reader.count(Self.agreementCount)
            status.anomalous = try reader.count(Self.anomalousCharges) + reader.count(Self.anomalousAgreements)
            try reader.countDeliveries(&status)
            return status
        }
    }

    private func count(_ sql: SQL, _ value: SQLValue? = nil) throws(StoreError) -> Int64 {
        guard let value else { return try connection.integer(sql) ?? 0 }
        return try connection.integer(sql, value) ?? 0
    }

    private func countEvents(_ status: inout StoreStatus) throws(StoreError) {
        guard let newest = try connection.integer(Self.newest) else { return }
        let through = try connection.appliedThrough()
        status.lastSeq = newest
        status.lastReceivedAt = try newestWebhook()
        status.failed = try count(Self.failedCount)
        // Beyond the progress nothing is applied except what a replay applied there, which the worker passes with its next batch.
        status.received = max(0, newest - through - (try count(Self.failedAfter, .integer(through)))) + (try count(Self.againUpTo, .integer(through)))
        status.applied = max(0, newest - status.received - status.failed)
        status.oldestNewAt = try connection.integer(Self.oldestWaiting, .integer(through)).map { Instant(milliseconds: $0) }
        let again = try connection.integer(Self.oldestAgain).map { Instant(milliseconds: $0) }
        status.oldestUnappliedAt = [status.oldestNewAt, again].compactMap { $0 }.min()
    }

    private func countDeliveries(_ status: inout StoreStatus) throws(StoreError) {
        var endpoints: [String: StoreStatus.EndpointStatus] = [:]
        for (sql, member) in [(Self.pendingByEndpoint, \StoreStatus.EndpointStatus.pending), (Self.deadByEndpoint, \.dead)] {
            for (name, count) in try connection.rows(sql, read: { row throws(StoreError) in (try row.text(), try row.integer()) }) {
                endpoints[name, default: .init(endpoint: name)][keyPath: member] = count
            }
        }
        for name in endpoints.keys {
            endpoints[name]?.nextAttemptAt = try connection.integer(Self.nextOfEndpoint, .text(name)).map { Instant(milliseconds: $0) }
        }
        status.endpoints = endpoints.values.sorted { $0.endpoint < $1.endpoint }
        status.pending = status.endpoints.reduce(0) { $0 + $1.pending }
        status.dead = status.endpoints.reduce(0) { $0 + $1.dead }
        status.delivered = max(0, try count(Self.deliveryCount) - status.pending - status.dead)
    }
}

package import PaymentCore

extension Reader {
    private static let newestNotification = SQL("SELECT max(seq) FROM notification")

    /// The number of the history's newest notification; 0 when there is none.
    package func newestNotification() throws(StoreError) -> Int64 { try connection.integer(Self.newestNotification) ?? 0 }

    /// The part of the history that follows `after`, oldest first and without what was purged; without `types` every type is wanted.
    ///
    /// Stops after `limit` that are wanted, after about `bytes` of them, or `span` notifications further on: neither large bodies nor a filter that fits
    /// almost nothing make it long.
    package func notifications(
        after: Int64, types: [EventPattern] = [], limit: Int, bytes: Int = 1 << 20, span: Int64 = 10_000
    ) throws(StoreError) -> HistoryBatch {
        try snapshot { reader throws(StoreError) in
            let newest = try reader.newestNotification()
            guard after < newest else { return HistoryBatch(rows: [], through: after, isEnd: true) }
            let end = min(newest, after + span)
            var conditions = Conditions()
            conditions.add("seq > ?", .integer(after))
            conditions.add("seq <= ?", .integer(end))
            conditions.add("body IS NOT NULL")
            conditions.add(anyOf: "type GLOB ?", types.map { .text($0.glob) })
            let statement = try reader.connection.prepare("SELECT \(NotificationRow.columns) FROM notification \(conditions.sql) ORDER BY seq")
            defer { statement.reset() }
            try statement.bind(conditions.values)
            var (rows, room): ([NotificationRow], Int) = ([], bytes)
            while try statement.step() {
                let row = try NotificationRow(row: statement)
                rows.append(row)
                room -= row.body.count
                if rows.count >= limit || room <= 0 { return HistoryBatch(rows: rows, through: row.seq, isEnd: row.seq == newest) }
            }
            return HistoryBatch(rows: rows, through: end, isEnd: end == newest)
        }
    }
}

/// A part of the history.
package struct HistoryBatch: Sendable, Equatable {
    package var rows: [NotificationRow]
    /// Everything up to here is in `rows` or is not wanted; where to go on from.
    package var through: Int64
    /// Nothing follows, as yet.
    package var isEnd: Bool
}

/// One change as it was told.
package struct NotificationRow: Sendable, Equatable {
    package var seq: Int64
    package var type: String
    /// The exact body that the shop receives.
    package var body: [UInt8]

    static let columns = "seq, type, body"

    init(row: Statement) throws(StoreError) {
        seq = try row.integer()
        type = try row.text()
        body = try row.notificationBody()
    }
}

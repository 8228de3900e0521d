package import PaymentCore

/// One change of a charge or an agreement.
package struct HistoryRow: Sendable, Equatable {
    package var version: Int
    /// The type of the notification that told it (`charge.captured`, `charge.updated`, …).
    package var type: String
    /// nil for the first version.
    package var previousStatus: String?
    package var status: String?
    /// When terima made the change.
    package var at: Instant
    package var notificationId: String
    /// The event that caused it.
    package var causeSeq: Int64
    package var causeSource: String
    package var causeId: String
    package var causeType: String?

    static let columns = "n.version, n.type, n.previous_status, n.status, n.created_at, n.id, e.seq, e.source, e.id, e.type"

    init(row: Statement) throws(StoreError) {
        version = try row.count()
        type = try row.text()
        previousStatus = try row.textOrNil()
        status = try row.textOrNil()
        at = try row.time()
        notificationId = try row.text()
        causeSeq = try row.integer()
        causeSource = try row.text()
        causeId = try row.text()
        causeType = try row.textOrNil()
    }

    /// The row as one JSON object.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("version", version)
            writer.member("type", type)
            writer.member("previousStatus", previousStatus)
            writer.member("status", status)
            writer.member("at", at.iso8601)
            writer.member("id", notificationId)
            writer.key("cause")
            writer.object { writer in
                writer.member("seq", causeSeq)
                writer.member("source", causeSource)
                writer.member("id", causeId)
                writer.member("type", causeType)
            }
        }
    }

    /// The member `history` of an open object.
    static func write(_ history: [HistoryRow], to writer: inout JSONWriter) {
        writer.key("history")
        writer.array { writer in
            for row in history { row.write(to: &writer) }
        }
    }
}

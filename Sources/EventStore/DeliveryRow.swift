package import PaymentCore

/// One line of `deliveries`: one notification to one endpoint.
package struct DeliveryRow: Sendable, Equatable {
    /// For paging; no part of the JSON.
    package var seq: Int64
    /// The notification's id, the same at every endpoint and in every attempt.
    package var id: String
    package var endpoint: String
    package var type: String
    package var subject: String
    /// nil for what is passed on.
    package var version: Int?
    package var state: DeliveryState
    package var attempts: Int
    /// nil when it is finished, or while another delivery of the same charge comes first.
    package var nextAttemptAt: Instant?
    /// HTTP status of the last attempt, where there was an answer.
    package var lastStatus: Int?
    /// Code of the last attempt's failure, where there was no answer.
    package var lastError: String?

    static let columns = """
        d.seq, n.id, d.endpoint, n.type, n.subject, n.version, d.state, d.attempts, d.next_attempt_at, d.last_status, d.last_error
        """

    init(row: Statement) throws(StoreError) {
        seq = try row.integer()
        id = try row.text()
        endpoint = try row.text()
        type = try row.text()
        subject = try row.text()
        version = try row.countOrNil()
        state = try row.word()
        attempts = try row.count()
        nextAttemptAt = try row.timeOrNil()
        lastStatus = try row.countOrNil()
        lastError = try row.textOrNil()
    }

    /// The row as one JSON object.
    package func write(to writer: inout JSONWriter) { writer.object { writeMembers(to: &$0) } }

    /// The row's members into an open object; with `attempts`, those themselves instead of their number.
    func writeMembers(to writer: inout JSONWriter, attempts list: [AttemptRow]? = nil) {
        writer.member("id", id)
        writer.member("endpoint", endpoint)
        writer.member("type", type)
        writer.member("subject", subject)
        writer.member("version", version)
        writer.member("state", state.rawValue)
        if let list {
            writer.key("attempts")
            writer.array { writer in
                for attempt in list { attempt.write(to: &writer) }
            }
        } else {
            writer.member("attempts", attempts)
        }
        writer.member("nextAttemptAt", nextAttemptAt?.iso8601)
        writer.member("lastStatus", lastStatus)
        writer.member("lastError", lastError)
    }
}

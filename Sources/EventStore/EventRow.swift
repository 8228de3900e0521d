package import PaymentCore

/// One line of `events`.
package struct EventRow: Sendable, Equatable {
    package var seq: Int64
    package var source: String
    package var id: String
    /// nil, as `subject` and `time`, when the event could not be read.
    package var type: String?
    package var subject: String?
    package var time: Instant?
    package var receivedAt: Instant
    package var state: EventState
    /// nil until the event is applied.
    package var outcome: Outcome?
    /// How often the same event came again.
    package var repeats: Int
    /// How often its identity came with another body.
    package var conflicts: Int
    /// Why it failed: a stable code, a colon, a sentence.
    package var error: String?

    static let columns = "seq, source, id, type, subject, time, received_at, state, outcome, repeats, conflicts, error"

    init(row: Statement) throws(StoreError) {
        seq = try row.integer()
        source = try row.text()
        id = try row.text()
        type = try row.textOrNil()
        subject = try row.textOrNil()
        time = try row.timeOrNil()
        receivedAt = try row.time()
        state = try row.word()
        outcome = try row.wordOrNil()
        repeats = try row.count()
        conflicts = try row.count()
        error = try row.textOrNil()
    }

    /// The row as one JSON object.
    package func write(to writer: inout JSONWriter) { writer.object { writeMembers(to: &$0) } }

    /// The row's members into an open object.
    package func writeMembers(to writer: inout JSONWriter) {
        writer.member("seq", seq)
        writer.member("source", source)
        writer.member("id", id)
        writer.member("type", type)
        writer.member("subject", subject)
        writer.member("time", time?.iso8601)
        writer.member("receivedAt", receivedAt.iso8601)
        writer.member("state", state.rawValue)
        writer.member("outcome", outcome?.rawValue)
        writer.member("repeats", repeats)
        writer.member("conflicts", conflicts)
        writer.member("error", error)
    }
}

package import PaymentCore

/// A delivery with its attempts, oldest first, and what was sent.
package struct DeliveryDetails: Sendable, Equatable {
    package var row: DeliveryRow
    package var attempts: [AttemptRow]
    /// The request's body, exactly; nil when it was purged or is damaged.
    package var body: [UInt8]?
    package var isPurged: Bool

    /// The row with the attempts themselves in place of their number, `notification` and `purged` added.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            row.writeMembers(to: &writer, attempts: attempts)
            writer.key("notification")
            if let body { writer.raw(body) } else { writer.null() }
            writer.member("purged", isPurged)
        }
    }
}

/// One attempt at a delivery.
package struct AttemptRow: Sendable, Equatable {
    /// From 1.
    package var number: Int
    package var at: Instant
    /// The HTTP status, where there was an answer.
    package var status: Int?
    /// A stable code, where there was none.
    package var error: String?
    package var durationMilliseconds: Int64

    static let columns = "number, at, status, error, duration_ms"

    init(row: Statement) throws(StoreError) {
        number = try row.count()
        at = try row.time()
        status = try row.countOrNil()
        error = try row.textOrNil()
        durationMilliseconds = try row.integer()
    }

    /// The row as one JSON object.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("number", number)
            writer.member("at", at.iso8601)
            writer.member("status", status)
            writer.member("error", error)
            writer.member("durationMs", durationMilliseconds)
        }
    }
}

package import PaymentCore

/// Everything about one event.
package struct EventDetails: Sendable, Equatable {
    package var row: EventRow
    /// nil when the event could not be read.
    package var facts: EventFacts?
    /// The raw body; nil when it was purged.
    package var body: [UInt8]?
    /// Other bodies that came under its identity, oldest first.
    package var conflictingBodies: [ConflictingBody]
    /// The ids of the notifications that it caused, in order.
    package var notifications: [String]

    /// A body that came under an identity already taken.
    package struct ConflictingBody: Sendable, Equatable {
        package var receivedAt: Instant
        /// 32 bytes.
        package var hash: [UInt8]
        /// nil when it was purged.
        package var body: [UInt8]?

        init(row: Statement) throws(StoreError) {
            receivedAt = try row.time()
            hash = try row.bytes()
            body = try row.bytesOrNil()
        }
    }

    /// The raw JSON of the event's `data`; nil when there is none to show.
    package var data: [UInt8]? { body.flatMap { EventDecoder.passThroughData(body: $0) } }

    /// The row with `data`, `purged`, `conflictingBodies` and `notifications` added.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            row.writeMembers(to: &writer)
            writer.key("data")
            if let data { writer.raw(data) } else { writer.null() }
            writer.member("purged", body == nil)
            writer.key("conflictingBodies")
            writer.array { writer in
                for conflicting in conflictingBodies {
                    writer.object { writer in
                        writer.member("receivedAt", conflicting.receivedAt.iso8601)
                        writer.member("sha256", Hex.encode(conflicting.hash))
                        writer.member("bytes", conflicting.body?.count)
                    }
                }
            }
            writer.key("notifications")
            writer.array { writer in
                for id in notifications { writer.string(id) }
            }
        }
    }
}

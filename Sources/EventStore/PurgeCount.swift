package import PaymentCore

/// What a purge took away, and what is old but had to stay.
package struct PurgeCount: Sendable, Equatable {
    /// Bodies of applied events.
    package var payloads = 0
    /// Other bodies that came under an identity already taken.
    package var conflicts = 0
    /// Bodies of notifications that every endpoint has.
    package var notifications = 0
    /// Records of attempts at them.
    package var attempts = 0
    /// By which the database file has become smaller, or will with the next checkpoint.
    package var freedBytes: Int64 = 0
    /// Old events whose body is still needed: they wait to be applied, or failed and may be replayed.
    package var unapplied = 0
    /// Old events and notifications that are not delivered yet, or given up and may be replayed.
    package var undelivered = 0

    package init() {}

    /// The count as one JSON object.
    package func write(to writer: inout JSONWriter, cutoff: Instant) {
        writer.object { writer in
            writer.member("before", cutoff.iso8601)
            writer.member("payloads", payloads)
            writer.member("conflicts", conflicts)
            writer.member("notifications", notifications)
            writer.member("attempts", attempts)
            writer.member("freedBytes", freedBytes)
            writer.key("kept")
            writer.object {
                $0.member("unapplied", unapplied)
                $0.member("undelivered", undelivered)
            }
        }
    }
}

/// The tables that a purge goes through, one after the other.
enum PurgeStage: Sendable, CaseIterable { case payloads, conflicts, notifications }

/// What a reader has found in one part of a table.
struct PurgeBatch: Sendable, Equatable {
    /// What may go, by `seq`.
    var seqs: [Int64] = []
    var unapplied = 0
    var undelivered = 0
    /// Where the next part begins; nil: nothing old follows.
    var next: Int64?
}

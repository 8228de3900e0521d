package import PaymentCore

/// An event as the worker takes it up.
package struct StoredEvent: Sendable, Equatable {
    package var seq: Int64
    package var identity: EventIdentity
    package var receivedAt: Instant
    /// nil: the event could not be read when it came, and a replay wants its payload decoded again.
    package var facts: EventFacts?
    /// A replay asked for it.
    package var again: Bool
    /// The charge or agreement it was applied to before, by `seq`.
    package var charge: Int64?
    package var agreement: Int64?

    static let columns = "seq, source, id, received_at, again, charge, agreement, \(EventFacts.columns)"

    init(row: Statement) throws(StoreError) {
        seq = try row.integer()
        identity = EventIdentity(source: try row.text(), id: try row.text())
        receivedAt = try row.time()
        again = try row.flag()
        charge = try row.integerOrNil()
        agreement = try row.integerOrNil()
        facts = try EventFacts.read(row)
    }
}

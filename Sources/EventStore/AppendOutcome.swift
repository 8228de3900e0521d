/// What became of an event that was handed to the store.
package enum AppendOutcome: Sendable, Equatable {
    /// Committed under this number.
    case accepted(seq: Int64)
    /// The same identity with the same body is stored; counted on that event, and committed.
    case duplicate(seq: Int64)
    /// The same identity is stored with another body; counted and kept on that event, and committed.
    case conflict(seq: Int64)
    /// Too many wait already. Nothing was stored.
    case overloaded
    /// Not acknowledged. After a failed commit the event may be stored nonetheless: the sender's repeat finds out.
    case unavailable(StoreError)
}

import EventStore
import PaymentCore

/// What a charge and an agreement have in common when an event is applied to them: both are a fold over their events, stored as one row with a version.
protocol EventFolded: Sendable, Equatable {
    static func folded(id: String, events: [ChargeEvent]) -> Folded<Self>?
    static func stored(id: String, in transaction: Transaction) throws -> StoredFold<Self>?
    static func events(of seq: Int64, in transaction: Transaction) throws -> [ChargeEvent]
    static func anomalousEvents(of seq: Int64, in transaction: Transaction) throws -> Set<Int64>
    /// Stores version 1 and returns the row's seq.
    static func insert(_ state: Self, after news: ChargeNews, in transaction: Transaction) throws -> Int64
    static func update(_ seq: Int64, _ state: Self, version: Int, after news: ChargeNews, in transaction: Transaction) throws
    /// An answer of PPRO's was applied to a state that it did not change.
    static func confirmed(_ state: Self, in transaction: Transaction) throws
    /// The notification that tells version `version`; `previous` is nil for the first.
    static func changed(id: String, to state: Self, version: Int, from previous: Self?, cause: Notification.Cause) -> Notification
    static func about(_ seq: Int64) -> Transaction.About
    static func markApplied(_ event: Int64, outcome: Outcome, to seq: Int64, in transaction: Transaction) throws
}

struct StoredFold<State: EventFolded>: Sendable {
    var seq: Int64
    var version: Int
    var state: State
}

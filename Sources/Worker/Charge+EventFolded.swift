import EventStore
import PaymentCore

extension Charge: EventFolded {
    static func folded(id: String, events: [ChargeEvent]) -> Folded<Charge>? { fold(id: id, events: events) }

    static func stored(id: String, in transaction: Transaction) throws -> StoredFold<Charge>? {
        try transaction.charge(id: id).map { StoredFold(seq: $0.seq, version: $0.version, state: $0.charge) }
    }

    static func events(of seq: Int64, in transaction: Transaction) throws -> [ChargeEvent] { try transaction.eventsOfCharge(seq) }

    static func anomalousEvents(of seq: Int64, in transaction: Transaction) throws -> Set<Int64> {
        try transaction.anomalousEvents(ofCharge: seq)
    }

    static func insert(_ state: Charge, after news: ChargeNews, in transaction: Transaction) throws -> Int64 {
        try transaction.insertCharge(state, after: news)
    }

    static func update(_ seq: Int64, _ state: Charge, version: Int, after news: ChargeNews, in transaction: Transaction) throws {
        try transaction.updateCharge(seq, state, version: version, after: news)
    }

    static func confirmed(_ state: Charge, in transaction: Transaction) throws { try transaction.settleAsk(charge: state.id) }

    static func changed(id: String, to state: Charge, version: Int, from previous: Charge?, cause: Notification.Cause) -> Notification {
        .chargeChanged(id: id, charge: state, version: version, previous: previous?.status, cause: cause)
    }

    static func about(_ seq: Int64) -> Transaction.About { .charge(seq) }

    static func markApplied(_ event: Int64, outcome: Outcome, to seq: Int64, in transaction: Transaction) throws {
        try transaction.markApplied(event, outcome: outcome, charge: seq, agreement: nil)
    }
}

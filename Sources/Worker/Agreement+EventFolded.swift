import EventStore
import PaymentCore

extension Agreement: EventFolded {
    static func folded(id: String, events: [ChargeEvent]) -> Folded<Agreement>? { fold(id: id, events: events) }

    static func stored(id: String, in transaction: Transaction) throws -> StoredFold<Agreement>? {
        try transaction.agreement(id: id).map { StoredFold(seq: $0.seq, version: $0.version, state: $0.agreement) }
    }

    static func events(of seq: Int64, in transaction: Transaction) throws -> [ChargeEvent] { try transaction.eventsOfAgreement(seq) }

    static func anomalousEvents(of seq: Int64, in transaction: Transaction) throws -> Set<Int64> {
        try transaction.anomalousEvents(ofAgreement: seq)
    }

    static func insert(_ state: Agreement, after news: ChargeNews, in transaction: Transaction) throws -> Int64 {
        try transaction.insertAgreement(state)
    }

    static func update(_ seq: Int64, _ state: Agreement, version: Int, after news: ChargeNews, in transaction: Transaction) throws {
        try transaction.updateAgreement(seq, state, version: version)
    }

    /// Nobody asks about agreements.
    static func confirmed(_ state: Agreement, in transaction: Transaction) throws {}

    static func changed(id: String, to state: Agreement, version: Int, from previous: Agreement?, cause: Notification.Cause) -> Notification {
        .agreementChanged(id: id, agreement: state, version: version, previous: previous?.status, cause: cause)
    }

    static func about(_ seq: Int64) -> Transaction.About { .agreement(seq) }

    static func markApplied(_ event: Int64, outcome: Outcome, to seq: Int64, in transaction: Transaction) throws {
        try transaction.markApplied(event, outcome: outcome, charge: nil, agreement: seq)
    }
}

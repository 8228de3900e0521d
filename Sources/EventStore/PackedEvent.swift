import PaymentCore

/// An event as the writer takes it: everything that can be done about it before is done.
struct PackedEvent: Sendable {
    let fingerprint: UInt64
    /// The columns of `event` but for its number.
    let row: PackedRow
    let payload: PackedRow
    let receivedAt: Instant
    private let sourceCount: Int
    private let idCount: Int

    /// In the order of `row`.
    static let columns = "source, id, body_sha256, received_at, state, error, \(EventFacts.columns)"
    static let columnCount = 6 + EventFacts.columnCount

    init(_ event: Event) {
        var values: [SQLValue] = []
        values.reserveCapacity(Self.columnCount)
        values.append(.text(event.identity.source))
        values.append(.text(event.identity.id))
        values.append(.blob(event.bodyHash))
        values.append(.time(event.receivedAt))
        switch event.content {
        case .readable(let facts):
            values.append(.text(EventState.received.rawValue))
            values.append(.text(nil))
            facts.append(to: &values)
        case .unreadable(let failure):
            values.append(.text(EventState.failed.rawValue))
            values.append(.text(failure.description))
        }
        fingerprint = event.identity.fingerprint
        row = PackedRow(values)
        payload = PackedRow(blob: event.body)
        receivedAt = event.receivedAt
        sourceCount = event.identity.source.utf8.count
        idCount = event.identity.id.utf8.count
    }

    var body: [UInt8] { payload.bytes }

    /// Read back from the row, of which source, id and the body's hash are the beginning.
    var identity: EventIdentity {
        EventIdentity(
            source: String(decoding: row.bytes.prefix(sourceCount), as: UTF8.self),
            id: String(decoding: row.bytes.dropFirst(sourceCount).prefix(idCount), as: UTF8.self))
    }

    var bodyHash: [UInt8] { Array(row.bytes.dropFirst(sourceCount + idCount).prefix(32)) }
}

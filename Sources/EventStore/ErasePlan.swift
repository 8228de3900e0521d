import PaymentCore

/// The events from which personal data is to be erased.
struct ErasePlan: Sendable, Equatable {
    /// Oldest first.
    var events: [Int64]
    /// What they are about, sorted.
    var subjects: [String]

    /// Rows looked at in one go.
    private static let span: Int64 = 2_000

    /// What the selection means now. An event that comes later brings its data with it.
    static func make(_ selection: EraseRequest.Selection, readers: ReaderPool) async throws -> ErasePlan {
        var events: Set<Int64> = []
        var subjects: Set<String> = []
        switch selection {
        case .subject(let id):
            subjects = [id]
            if let search = JSONTextSearch(id) { events.formUnion(try await readers.read { try $0.unreadableEvents(finding: search) }) }
        case .consumer(let address):
            guard let search = JSONTextSearch(address) else { break }
            for table in Reader.BodyTable.allCases {
                for part in parts(through: try await readers.read({ try $0.newestBody(in: table) })) {
                    events.formUnion(try await readers.read { try $0.events(in: table, part, finding: search) })
                }
            }
            let found = events
            subjects = Set(try await readers.read { reader in try found.compactMap { try reader.subject(of: $0) } })
        }
        let wanted = subjects
        for part in parts(through: try await readers.read({ try $0.newestEvent() })) where !wanted.isEmpty {
            if Task.isCancelled { throw StoreError(.interrupted, message: "the erasure was broken off before anything was erased; repeat it") }
            events.formUnion(try await readers.read { try $0.events(part, about: wanted) })
        }
        return ErasePlan(events: events.sorted(), subjects: subjects.sorted())
    }

    private static func parts(through last: Int64) -> [ClosedRange<Int64>] {
        stride(from: 1, through: max(0, last), by: Int(span)).map { $0...min(last, $0 + span - 1) }
    }
}

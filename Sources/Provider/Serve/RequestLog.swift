internal import PaymentCore

/// The last requests.
struct RequestLog: Sendable {
    /// Beyond it the oldest is forgotten.
    static let maximumRecords = 1_000

    private var records: [RequestRecord] = []

    mutating func append(_ record: RequestRecord) {
        records.append(record)
        if records.count >= Self.maximumRecords * 2 { records.removeFirst(Self.maximumRecords) }
    }

    /// Newest first.
    func json(subject: String?, limit: Int) -> [UInt8] {
        let found = records.suffix(Self.maximumRecords).reversed().lazy.filter { subject == nil || $0.subject == subject }
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("data")
            writer.array { writer in
                for record in found.prefix(limit) { record.write(to: &writer) }
            }
        }
        return writer.bytes
    }
}

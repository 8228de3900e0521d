internal import PaymentCore

/// The last webhooks and what became of them.
struct WebhookLog: Sendable {
    /// Beyond it the oldest is forgotten.
    static let maximumRecords = 1_000

    private var records: [WebhookRecord] = []
    /// Records that were forgotten: the number of `records[0]`.
    private var first = 0

    /// - Returns: The record's number, for `update`.
    @discardableResult
    mutating func append(_ record: WebhookRecord, trouble: [String]) -> Int {
        var record = record
        record.trouble = trouble
        records.append(record)
        // In bulk, so that forgetting costs little each.
        if records.count >= Self.maximumRecords * 2 {
            records.removeFirst(Self.maximumRecords)
            first += Self.maximumRecords
        }
        return first + records.count - 1
    }

    /// Nothing happens to a record that was forgotten.
    mutating func update(_ number: Int, _ change: (inout WebhookRecord) -> Void) {
        guard records.indices.contains(number - first) else { return }
        change(&records[number - first])
    }

    /// Newest first.
    /// - Parameter charge: Only those of this charge.
    func newest(charge: String?) -> [WebhookRecord] {
        records.suffix(Self.maximumRecords).reversed().filter { charge == nil || $0.chargeId == charge }
    }

    /// - Parameter note: Why there may be less than somebody expects.
    func json(charge: String?, limit: Int, note: String? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("data")
            writer.array { writer in
                for record in newest(charge: charge).prefix(limit) { record.write(to: &writer) }
            }
            writer.member(ifThere: "note", note)
        }
        return writer.bytes
    }
}

internal import PaymentCore

extension IdempotencyLedger {
    /// Rows of the keys that have changed since the last call. One whose request is under way is not kept: if the process ends before it does, nothing was done.
    mutating func takeKept() -> [KeptRow] {
        defer { changed = [] }
        return changed.map { KeptRow(kind: .key, id: $0, json: entries[$0].flatMap { $0.json }) }
    }

    mutating func resume(_ rows: [KeptRow]) throws(StateFileError) {
        var found: [(key: String, entry: Entry)] = []
        for row in rows where row.kind == .key { found.append((row.id, try Entry(kept: row))) }
        for (key, entry) in found.sorted(by: { $0.entry.at < $1.entry.at }) { take(key, entry) }
        changed = []
    }
}

extension IdempotencyLedger.Entry {
    fileprivate var json: [UInt8]? {
        guard let answer else { return nil }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("at", at.milliseconds)
            writer.member("fingerprint", Hex.encode(fingerprint))
            writer.member("status", answer.status)
            writer.member("body", raw: answer.body)
        }
        return writer.bytes
    }

    fileprivate init(kept row: KeptRow) throws(StateFileError) {
        let fields = try row.fields()
        self.init(
            fingerprint: try fields.required(Hex.decode(try fields.text("fingerprint")), "fingerprint"),
            answer: APIAnswer(try fields.count("status"), try fields.raw("body")), at: try fields.time("at"))
    }
}

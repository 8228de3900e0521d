internal import PaymentCore

extension WebhookQueue {
    /// Rows of the webhooks that have changed since the last call; what was delivered or given up is forgotten.
    mutating func takeKept() -> [KeptRow] {
        defer { changed = [] }
        return changed.map { KeptRow(kind: .webhook, id: String($0), json: deliveries[$0]?.json) }
    }

    /// Takes up what was still to be sent in a run before, in its order. What was under way is sent again at once.
    mutating func resume(_ rows: [KeptRow]) throws(StateFileError) {
        var found: [(number: Int, fields: KeptFields)] = []
        for row in rows where row.kind == .webhook {
            guard let number = Int(row.id) else { throw StateFileError.unreadable(row.kind.rawValue, "its number") }
            found.append((number, try row.fields()))
        }
        for (number, fields) in found.sorted(by: { $0.number < $1.number }) {
            let (copy, attempts) = (try fields.count("copy"), try fields.count("attempts"))
            resume(number, try Webhook(kept: fields), copy: copy, attempts: attempts, due: fields.timeOrNil("due"))
        }
        changed = []
    }
}

extension WebhookQueue.Delivery {
    fileprivate var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", webhook.id)
            writer.member("chargeId", webhook.chargeId)
            writer.member("type", webhook.type)
            writer.member("url", webhook.url)
            writer.member("time", webhook.time.milliseconds)
            writer.member("chargeNumber", webhook.chargeNumber)
            writer.member("number", webhook.number)
            writer.member("copy", copy)
            writer.member("attempts", attempts)
            writer.member("due", due?.milliseconds)
            writer.member("body", raw: webhook.body)
        }
        return writer.bytes
    }
}

extension Webhook {
    fileprivate init(kept fields: KeptFields) throws(StateFileError) {
        self.init(
            id: try fields.text("id"), chargeId: try fields.text("chargeId"), type: try fields.text("type"), url: try fields.text("url"),
            time: try fields.time("time"), body: try fields.raw("body"), chargeNumber: try fields.count("chargeNumber"), number: try fields.count("number"))
    }
}

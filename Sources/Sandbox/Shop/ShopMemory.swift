import PaymentCore

/// The file that lets a shop remember over a restart: one JSON object a line, `{"id":…,"at":…,"notification":…}`, written before the answer.
struct ShopMemory: Sendable {
    private let file: LineFile

    /// Reads what there is into `book` and opens the file for more. A line that cannot be read (torn by a kill: never answered) is passed over.
    /// - Throws: `SandboxError` when the file cannot be used.
    init(path: String, into book: inout ShopBook) throws(SandboxError) {
        for line in (try SmallFile.read(path) ?? []).split(separator: UInt8(ascii: "\n")) {
            guard let root = try? JSONDocument.parse(Array(line)).root, let id = root["id"]?.string, let body = root["notification"]?.bytes,
                let notification = ShopNotification(id: id, body: Array(body))
            else { continue }
            book.remember(notification)
        }
        file = try LineFile(path: path)
    }

    /// - Throws: `SandboxError` when it cannot be written.
    func write(_ notification: ShopNotification, body: [UInt8], at now: Instant) throws(SandboxError) {
        var writer = JSONWriter()
        writer.object { line in
            line.member("id", notification.id)
            line.member("at", now.iso8601)
            line.key("notification")
            // Inside JSON's strings no line feed stands for itself, so all there are can go.
            line.raw(body.lazy.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
        }
        try file.append(writer.bytes)
    }
}

import PaymentCore

/// `events list --follow`: asks the service for what comes after the last event seen, and the service answers when something has come.
struct EventFollower {
    let access: OperatorAccess
    let filter: Parameters
    let json: Bool

    /// How long the service may hold one request open.
    static let waitText = "25s"

    func run() async throws {
        guard access.isService else {
            throw CommandFailure(.unavailable, "terima is not running, so no events will come; leave out --follow to see what is stored")
        }
        // Asked before the list, so that nothing that comes in between is passed over.
        let end = try await access.answer(.status).row.json["events"]?["lastSeq"]?.integerValue ?? 0
        let newestFirst = try await access.answer(.list(.events, filter)).rows
        try show(newestFirst.reversed())
        var last = newestFirst.first?.integer("seq") ?? end
        while !Task.isCancelled {
            var parameters = Parameters(filter.items.filter { $0.name != "limit" && $0.name != "since" && $0.name != "until" })
            parameters.add("after", String(last))
            parameters.add("wait", Self.waitText)
            parameters.add("limit", "1000")
            let rows = try await access.answer(.list(.events, parameters)).rows
            try show(rows)
            last = rows.last?.integer("seq") ?? last
        }
    }

    private func show(_ rows: [Row]) throws {
        if json { return try Listing.printJSON(rows) }
        for row in rows {
            let outcome = row.json["error"]?.string ?? row.text("outcome")
            let fields = [
                Ago.seconds(row.instant("receivedAt") ?? WallClock.now()), row.text("seq"), row.text("type"), row.text("subject"), row.text("state"), outcome,
            ]
            try Console.line(fields.map(Table.printable).joined(separator: "  "))
        }
    }
}

import PaymentCore

/// What every list and show command does with an answer: objects for programs, one a line, or text for people.
struct Listing {
    let access: OperatorAccess
    let json: Bool

    static func with(_ common: CommonOptions, _ output: OutputOptions, _ body: (Listing) async throws -> Void) async throws {
        try await runCommand {
            try await OperatorAccess.with(common) { try await body(Listing(access: $0, json: output.json)) }
        }
    }

    func list(_ collection: OperatorRequest.Collection, _ parameters: Parameters, table: ([Row], Instant) -> Table) async throws {
        try printRows(try await access.answer(.list(collection, parameters)).rows, table: table)
    }

    func printRows(_ rows: [Row], table: ([Row], Instant) -> Table) throws {
        if json { return try Self.printJSON(rows) }
        try Console.lines(table(rows, WallClock.now()).lines)
        if rows.isEmpty { Console.note("Nothing found.") }
    }

    func show(_ collection: OperatorRequest.Collection, _ id: String, details: (Row, Instant) throws -> Void) async throws {
        let row = try await access.answer(.show(collection, id: id, Parameters())).row
        try json ? Self.printJSON([row]) : details(row, WallClock.now())
    }

    static func printJSON(_ rows: [Row]) throws {
        for row in rows { try Console.write(row.json.bytes + [0x0A]) }
    }
}

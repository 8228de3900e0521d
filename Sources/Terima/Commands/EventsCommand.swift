import ArgumentParser
import PaymentCore

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "The webhooks that were received.", subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List events, newest first.",
            discussion: """
                EXAMPLES:
                  terima events list --state failed
                  terima events list --type 'PAYMENT_CHARGE_CAPTURE_*' --since 2h
                  terima events list --charge charge_mXC6KnPKOY6MuyBf7dwaY --json
                  terima events list --follow
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var list: ListOptions
        @Option(help: ArgumentHelp("received, applied or failed; may be repeated.", valueName: "state")) var state: [String] = []
        @Option(help: ArgumentHelp("An event type; * stands for any characters; may be repeated.", valueName: "pattern")) var type: [String] = []
        @Option(help: ArgumentHelp("Only events of this charge or agreement.", valueName: "id")) var charge: String?
        @Flag(help: "Go on printing as events come; ends with Ctrl-C.") var follow = false

        func run() async throws {
            try await runCommand {
                var parameters = list.parameters()
                state.forEach { parameters.add("state", $0) }
                type.forEach { parameters.add("type", $0) }
                parameters.add("charge", charge)
                try await OperatorAccess.with(common) { access in
                    let rows = try await access.answer(.list(.events, parameters)).rows
                    guard follow else { return try EventList.print(rows, json: output.json, now: WallClock.now()) }
                    try await EventFollower(access: access, filter: parameters, json: output.json).run(from: rows)
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one event with everything that was decided about it.",
            discussion: """
                EXAMPLES:
                  terima events show DBmK364tFeNGuHIJM9Fb4
                  terima events show DBmK364tFeNGuHIJM9Fb4 --body | jq .
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The event's id, or its number in the list as seq:N.") var id: String
        @Flag(help: "Print the raw bytes of the body as they were received.") var body = false

        func run() async throws {
            try await runCommand {
                try await OperatorAccess.with(common) { access in
                    if body { return try Console.write(try await access.answer(.body(event: id)).bytes) }
                    let answer = try await access.answer(.show(.events, id: id, Parameters()))
                    if output.json { return try Console.write(answer.bytes + [0x0A]) }
                    try EventList.printDetails(try answer.row, now: WallClock.now())
                }
            }
        }
    }
}

/// Events for people.
enum EventList {
    static func print(_ rows: [Row], json: Bool, now: Instant) throws {
        if json { return try rows.forEach { try Console.write($0.json.bytes + [0x0A]) } }
        try Console.lines(table(rows, now: now).lines)
    }

    static func table(_ rows: [Row], now: Instant) -> Table {
        var table = Table([
            .init(title: "seq", isNumber: true), .init(title: "received"), .init(title: "state"), .init(title: "outcome"), .init(title: "type"),
            .init(title: "subject"), .init(title: "repeats", isNumber: true), .init(title: "conflicts", isNumber: true), .init(title: "id"),
        ])
        for row in rows {
            table.add([
                row.text("seq"), row.when("receivedAt", now: now), row.text("state"), row.json["error"]?.string ?? row.text("outcome"), row.text("type"),
                row.text("subject"), row.text("repeats"), row.text("conflicts"), row.text("id"),
            ])
        }
        return table
    }

    static func printDetails(_ row: Row, now: Instant) throws {
        try Console.lines(
            Details.lines([
                ("id", row.text("id")), ("source", row.text("source")), ("seq", row.text("seq")), ("type", row.text("type")),
                ("subject", row.text("subject")), ("time", row.when("time", now: now)), ("received", row.when("receivedAt", now: now)),
                ("state", row.text("state")), ("outcome", row.text("outcome")), ("error", row.text("error")), ("repeats", row.text("repeats")),
                ("conflicts", row.text("conflicts")),
            ]))
        if row.text("state") == "failed" { try Console.line("\nTo apply it again:  terima replay --event \(row.text("id"))") }
        if let data = row.json["data"], !data.isNull { try Console.write(Array("\ndata  ".utf8) + Array(data.bytes) + [0x0A]) }
    }
}

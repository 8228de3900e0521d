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
                  terima events list --conflicting
                  terima events list --follow
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var list: ListOptions
        @Option(help: ArgumentHelp("received, applied or failed; may be repeated.", valueName: "state")) var state: [String] = []
        @Option(help: ArgumentHelp("An event type; * stands for any characters; may be repeated.", valueName: "pattern")) var type: [String] = []
        @Option(help: ArgumentHelp("Only events of this charge or agreement.", valueName: "id")) var charge: String?
        @Flag(help: "Only events under whose id another body came too.") var conflicting = false
        @Flag(help: "Go on printing as events come; ends with Ctrl-C.") var follow = false

        func run() async throws {
            var parameters = list.parameters()
            state.forEach { parameters.add("state", $0) }
            type.forEach { parameters.add("type", $0) }
            parameters.add("charge", charge)
            if conflicting { parameters.add("conflicting", "true") }
            try await Listing.with(common, output) { listing in
                guard follow else { return try await listing.list(.events, parameters, table: EventList.table) }
                try await EventFollower(access: listing.access, filter: parameters, json: output.json).run()
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
            try await Listing.with(common, output) { listing in
                if body { return try Console.write(try await listing.access.answer(.body(event: id)).bytes) }
                try await listing.show(.events, id, details: EventList.printDetails)
            }
        }
    }
}

/// Events for people.
enum EventList {
    static func table(_ rows: [Row], now: Instant) -> Table {
        var table = Table([
            .init(title: "seq", isNumber: true), .init(title: "received"), .init(title: "state"), .init(title: "outcome"), .init(title: "type"),
            .init(title: "subject"), .init(title: "id"), .init(title: "note"),
        ])
        for row in rows {
            table.add([
                row.text("seq"), row.when("receivedAt", now: now), row.text("state"), row.text("outcome"), row.text("type"), row.text("subject"),
                row.text("id"), note(row),
            ])
        }
        return table
    }

    /// What is not so for most events: it came again, came with another body, or cannot be read.
    private static func note(_ row: Row) -> String {
        let repeats = row.integer("repeats") ?? 0
        let conflicts = row.integer("conflicts") ?? 0
        return [
            repeats > 0 ? Count.text(repeats, "repeat") : nil, conflicts > 0 ? Count.text(conflicts, "conflict") : nil, row.json["error"]?.string,
        ].compactMap { $0 }.joined(separator: ", ")
    }

    static func printDetails(_ row: Row, now: Instant) throws {
        try Console.lines(
            Details.lines(
                [
                    ("id", row.text("id")), ("source", row.text("source")), ("seq", row.text("seq")), ("type", row.text("type")),
                    ("subject", row.text("subject")), ("time", row.when("time", now: now)), ("received", row.when("receivedAt", now: now)),
                    ("state", row.text("state")), ("outcome", row.text("outcome")), ("error", row.text("error")), ("repeats", row.text("repeats")),
                    ("conflicts", row.text("conflicts")),
                ] + row.rows("conflictingBodies").map { ("", "another body, received \($0.when("receivedAt", now: now)), SHA-256 \($0.text("sha256"))") }))
        if row.text("state") == "failed" { try Console.line("\nTo apply it again:  terima replay --event \(row.text("id"))") }
        if row.json["purged"]?.bool == true { try Console.line("\nbody  purged or erased") }
        if let data = row.json["data"], !data.isNull { try Console.write(Array("\ndata  ".utf8) + Array(data.bytes) + [0x0A]) }
    }
}

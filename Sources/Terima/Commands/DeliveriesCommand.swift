import ArgumentParser
import PaymentCore

struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "What the shop was told, and how it went.", subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List deliveries, newest first.",
            discussion: """
                EXAMPLES:
                  terima deliveries list --state dead
                  terima deliveries list --endpoint shop --state pending
                  terima deliveries list --charge charge_mXC6KnPKOY6MuyBf7dwaY --json
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var list: ListOptions
        @Option(help: ArgumentHelp("pending, delivered or dead; may be repeated.", valueName: "state")) var state: [String] = []
        @Option(help: ArgumentHelp("A notification's type; * stands for any characters; may be repeated.", valueName: "pattern")) var type: [String] = []
        @Option(help: ArgumentHelp("Only notifications about this charge or agreement.", valueName: "id")) var charge: String?
        @Option(help: ArgumentHelp("Only this endpoint.", valueName: "name")) var endpoint: String?

        func run() async throws {
            var parameters = list.parameters()
            state.forEach { parameters.add("state", $0) }
            type.forEach { parameters.add("type", $0) }
            parameters.add("charge", charge)
            parameters.add("endpoint", endpoint)
            try await Listing.with(common, output) { try await $0.list(.deliveries, parameters, table: DeliveryList.table) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one notification's deliveries with every attempt.",
            discussion: """
                EXAMPLE:
                  terima deliveries show ntf_01KBQX3F3R8K2V5Z7W9Y1A3C5E --endpoint shop
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The notification's id.") var id: String
        @Option(help: ArgumentHelp("Only the delivery to this endpoint.", valueName: "name")) var endpoint: String?

        func run() async throws {
            var parameters = Parameters()
            parameters.add("endpoint", endpoint)
            try await Listing.with(common, output) { listing in
                let rows = try await listing.access.answer(.show(.deliveries, id: id, parameters)).rows
                if output.json { return try Listing.printJSON(rows) }
                for (number, row) in rows.enumerated() {
                    if number > 0 { try Console.line("") }
                    try DeliveryList.printDetails(row, now: WallClock.now())
                }
            }
        }
    }
}

/// Deliveries for people.
enum DeliveryList {
    static func table(_ rows: [Row], now: Instant) -> Table {
        var table = Table([
            .init(title: "notification"), .init(title: "endpoint"), .init(title: "state"), .init(title: "type"), .init(title: "subject"),
            .init(title: "version", isNumber: true), .init(title: "attempts", isNumber: true), .init(title: "next attempt"), .init(title: "last answer"),
        ])
        for row in rows {
            table.add([
                row.text("id"), row.text("endpoint"), row.text("state"), row.text("type"), row.text("subject"), row.text("version"), row.text("attempts"),
                row.when("nextAttemptAt", now: now), lastAnswer(row),
            ])
        }
        return table
    }

    private static func lastAnswer(_ row: Row) -> String { row.json["lastStatus"]?.numberText ?? row.text("lastError") }

    static func printDetails(_ row: Row, now: Instant) throws {
        try Console.lines(
            Details.lines([
                ("notification", row.text("id")), ("endpoint", row.text("endpoint")), ("state", row.text("state")), ("type", row.text("type")),
                ("subject", row.text("subject")), ("version", row.text("version")), ("next attempt", row.when("nextAttemptAt", now: now)),
                ("last status", row.text("lastStatus")), ("last error", row.text("lastError")),
                ("body", row.json["purged"]?.bool == true ? "purged" : row.json["notification"]?.isNull == true ? "damaged" : "-"),
            ]))
        var table = Table([
            .init(title: "attempt", isNumber: true), .init(title: "at"), .init(title: "answer"), .init(title: "error"), .init(title: "took", isNumber: true),
        ])
        for attempt in row.rows("attempts") {
            table.add([
                attempt.text("number"), attempt.when("at", now: now), attempt.text("status"), attempt.text("error"), attempt.text("durationMs") + " ms",
            ])
        }
        try Console.lines([""] + table.lines)
        if row.text("state") == "dead" {
            try Console.line("\nTo send it again:  terima replay --endpoint \(row.text("endpoint")) --charge \(row.text("subject"))")
        }
    }
}

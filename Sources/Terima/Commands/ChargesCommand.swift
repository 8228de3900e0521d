import ArgumentParser
import PaymentCore

struct ChargesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "charges", abstract: "Payment charges and what became of them.", subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List charges, newest first.",
            discussion: """
                EXAMPLES:
                  terima charges list --state CAPTURED --since 1d
                  terima charges list --anomalous
                  terima charges list --reference pay-4711 --json
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var list: ListOptions
        @Option(help: ArgumentHelp("A status of PPRO's (CAPTURED) or a result (paid); may be repeated.", valueName: "status")) var state: [String] = []
        @Option(help: ArgumentHelp("Only this charge.", valueName: "id")) var charge: String?
        @Option(help: ArgumentHelp("Only charges with this merchantPaymentChargeReference or orderReferenceNumber.", valueName: "reference"))
        var reference: String?
        @Flag(help: "Only charges with anomalies.") var anomalous = false

        func run() async throws {
            var parameters = list.parameters()
            state.forEach { parameters.add("state", $0) }
            parameters.add("charge", charge)
            parameters.add("reference", reference)
            if anomalous { parameters.add("anomalous", "true") }
            try await Listing.with(common, output) { try await $0.list(.charges, parameters, table: ChargeList.table) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one charge with its history, or PPRO's word about it beside terima's.",
            discussion: """
                With --remote PPRO's API is asked, and what it says stands beside what terima has; nothing is changed. Exit code 1 when they differ. What
                PPRO leaves unsaid is no difference.

                EXAMPLES:
                  terima charges show charge_mXC6KnPKOY6MuyBf7dwaY
                  terima charges show --remote charge_mXC6KnPKOY6MuyBf7dwaY
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The charge's id, or its merchantPaymentChargeReference.") var id: String
        @Flag(help: "Ask PPRO's API, and compare.") var remote = false

        func run() async throws {
            if remote { return try await runCommand { try await RemoteShow(name: id, json: output.json).run(common) } }
            try await Listing.with(common, output) { try await $0.show(.charges, id, details: ChargeList.printDetails) }
        }
    }
}

/// Charges for people.
enum ChargeList {
    static func table(_ rows: [Row], now: Instant) -> Table {
        var table = Table([
            .init(title: "charge"), .init(title: "result"), .init(title: "status"), .init(title: "amount", isNumber: true),
            .init(title: "captured", isNumber: true), .init(title: "refunded", isNumber: true), .init(title: "version", isNumber: true),
            .init(title: "updated"), .init(title: "reference"), .init(title: "note"),
        ])
        for row in rows {
            table.add([
                row.text("id"), row.text("result"), row.text("status"), row.amount("amount"), row.amount("captured"), row.amount("refunded"),
                row.text("version"), row.when("updatedAt", now: now), row.text("merchantPaymentChargeReference"), note(row),
            ])
        }
        return table
    }

    /// What a person should not overlook.
    private static func note(_ row: Row) -> String {
        var notes: [String] = []
        if let count = row.integer("anomalies"), count > 0 { notes.append(Count.text(count, "anomaly", "anomalies")) }
        if let amount = row.integer("chargedBack"), amount > 0 { notes.append("charged back \(row.amount("chargedBack"))") }
        if let code = row.json["failureCode"]?.string { notes.append(code) }
        return notes.joined(separator: ", ")
    }

    static func printDetails(_ row: Row, now: Instant) throws {
        try Console.lines(
            Details.lines([
                ("charge", row.text("id")), ("result", row.text("result")), ("status", row.text("status")), ("version", row.text("version")),
                ("amount", row.amount("amount")), ("authorized", row.amount("authorized")), ("captured", row.amount("captured")),
                ("refunded", row.amount("refunded")),
                ("voided", row.amount("voided")), ("charged back", row.amount("chargedBack")), ("funds", row.text("fundsState")),
                ("method", row.text("paymentMethod")), ("merchant", row.text("merchantId")), ("reference", row.text("merchantPaymentChargeReference")),
                ("order", row.text("orderReferenceNumber")), ("failure", row.text("failureCode")), ("anomalies", row.text("anomalies")),
                ("created", row.when("createdAt", now: now)), ("updated", row.when("updatedAt", now: now)),
            ]))
        try Console.line("")
        try Console.lines(HistoryTable.make(row.rows("history"), now: now).lines)
    }
}

/// The changes of a charge or an agreement, oldest first.
enum HistoryTable {
    static func make(_ rows: [Row], now: Instant) -> Table {
        var table = Table([
            .init(title: "version", isNumber: true), .init(title: "applied"), .init(title: "status"), .init(title: "because of"), .init(title: "event"),
            .init(title: "notification"),
        ])
        for row in rows {
            let cause = row.json["cause"].map(Row.init)
            table.add([
                row.text("version"), row.instant("at").map(Ago.seconds) ?? "-", row.text("status"), cause?.text("type") ?? "-", cause?.text("id") ?? "-",
                row.text("id"),
            ])
        }
        return table
    }
}

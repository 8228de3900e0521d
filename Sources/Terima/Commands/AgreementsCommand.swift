import ArgumentParser
import PaymentCore

struct AgreementsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreements", abstract: "Payment agreements.", subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List agreements, newest first.",
            discussion: """
                EXAMPLE:
                  terima agreements list --state ACTIVE
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var list: ListOptions
        @Option(help: ArgumentHelp("A status of PPRO's, e.g. ACTIVE; may be repeated.", valueName: "status")) var state: [String] = []

        func run() async throws {
            var parameters = list.parameters()
            state.forEach { parameters.add("state", $0) }
            try await Listing.with(common, output) { try await $0.list(.agreements, parameters, table: AgreementList.table) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one agreement with its history.",
            discussion: """
                EXAMPLE:
                  terima agreements show agr_8Yp2mXC6KnPKOY6MuyBf7
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The agreement's id.") var id: String

        func run() async throws {
            try await Listing.with(common, output) { try await $0.show(.agreements, id, details: AgreementList.printDetails) }
        }
    }
}

/// Agreements for people.
enum AgreementList {
    static func table(_ rows: [Row], now: Instant) -> Table {
        var table = Table([
            .init(title: "agreement"), .init(title: "status"), .init(title: "method"), .init(title: "version", isNumber: true), .init(title: "updated"),
            .init(title: "reference"), .init(title: "anomalies", isNumber: true),
        ])
        for row in rows {
            table.add([
                row.text("id"), row.text("status"), row.text("paymentMethod"), row.text("version"), row.when("updatedAt", now: now),
                row.text("merchantPaymentAgreementReference"), row.text("anomalies"),
            ])
        }
        return table
    }

    static func printDetails(_ row: Row, now: Instant) throws {
        try Console.lines(
            Details.lines([
                ("agreement", row.text("id")), ("status", row.text("status")), ("version", row.text("version")), ("method", row.text("paymentMethod")),
                ("merchant", row.text("merchantId")), ("reference", row.text("merchantPaymentAgreementReference")), ("failure", row.text("failureCode")),
                ("anomalies", row.text("anomalies")), ("created", row.when("createdAt", now: now)), ("updated", row.when("updatedAt", now: now)),
            ]))
        try Console.line("")
        try Console.lines(HistoryTable.make(row.rows("history"), now: now).lines)
    }
}

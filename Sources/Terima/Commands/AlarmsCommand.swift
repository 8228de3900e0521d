import ArgumentParser
import PaymentCore

struct AlarmsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alarms",
        abstract: "What may be wrong with money: each charge, the sum concerned, since when, and the command that helps.",
        discussion: """
            The kinds, the most urgent first:
              untold                     paid at PPRO, but an endpoint was not told for TERIMA_UNTOLD_ALARM
              overdue                    pending longer than the payment method allows, or in a PROCESSING status for more than 10 minutes
              silence                    no webhook for TERIMA_SILENCE_ALARM while charges are open
              captured_differs           captured is not what was authorized less what was voided, or less than what was refunded, or of a payment that failed
              refunded_after_chargeback  refunded when a chargeback had taken money back already
              method_cannot              a refund, void or chargeback of a method that has none, or another currency than the method's
              anomaly                    events contradict each other

            `acknowledge` silences the alarms of one charge as they are; who and why is recorded. Exit code 1 when there are alarms.

            EXAMPLES:
              terima alarms list
              terima alarms list --kind untold --json
              terima alarms acknowledge --charge charge_mXC6KnPKOY6MuyBf7dwaY --reason 'captured in part on purpose'
            """,
        subcommands: [List.self, Acknowledge.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the alarms about money, the most urgent kind first, then the oldest.",
            discussion: """
                Exit code 0 when there are none, 1 when there are.

                EXAMPLES:
                  terima alarms list
                  terima alarms list --kind overdue --limit 1000 --json
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Option(help: ArgumentHelp("Only alarms of this kind; may be repeated.", valueName: "kind")) var kind: [String] = []
        @Option(help: ArgumentHelp("At most so many of each kind (1 to 10000).", valueName: "n")) var limit: Int = 50

        func run() async throws {
            var parameters = Parameters()
            kind.forEach { parameters.add("kind", $0) }
            parameters.add("limit", String(limit))
            let wanted = parameters
            try await Listing.with(common, output) { listing in
                let answer = try await listing.access.answer(.alarms(wanted))
                let sums = try answer.row.rows("sums")
                if listing.json {
                    try Listing.printJSON(try answer.rows + sums.filter { $0.text("kind") == AlarmKind.silence.rawValue })
                } else {
                    try Console.lines(AlarmList.lines(try answer.rows, sums, now: WallClock.now()))
                }
                if !sums.isEmpty { throw ExitCode(CommandFailure.Code.needsAttention.rawValue) }
            }
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Silence a charge's alarms as they are.",
            discussion: """
                For what cannot be changed, or is as it should be. An alarm comes back with another sum, with a further anomaly, and when it is over and raised anew. Who asked for it and why is recorded.

                EXAMPLE:
                  terima alarms acknowledge --charge charge_mXC6KnPKOY6MuyBf7dwaY --kind captured_differs --reason 'one item was out of stock'
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Option(help: ArgumentHelp("The charge's id or merchantPaymentChargeReference.", valueName: "id")) var charge: String
        @Option(help: ArgumentHelp("Only its alarm of this kind (default: all of them).", valueName: "kind")) var kind: String?
        @Option(help: ArgumentHelp("Why; recorded.", valueName: "text")) var reason: String?

        func run() async throws {
            try await runCommand {
                try await OperatorAccess.with(common, changes: true) { access in
                    let rows = try await access.answer(.acknowledge(document: document)).row.rows("acknowledged")
                    if output.json { return try Listing.printJSON(rows) }
                    try Console.lines(rows.map { Table.printable("acknowledged \($0.text("kind")) of \($0.text("charge")): \($0.amount("amount"))") })
                }
            }
        }

        private var document: [UInt8] {
            var writer = JSONWriter()
            writer.object {
                $0.member("charge", charge)
                $0.member("kind", kind)
                $0.member("reason", reason)
                $0.member("who", ProcessEnvironment.userName)
            }
            return writer.bytes
        }
    }
}

/// Alarms about money for people.
enum AlarmList {
    /// Under the sum of each kind its alarms, one a line; of those that are not in `alarms` it says how to see them.
    static func lines(_ alarms: [Row], _ sums: [Row], now: Instant) -> [String] {
        guard !sums.isEmpty else { return ["No alarms about money."] }
        var lines: [String] = []
        for kind in AlarmKind.allCases {
            let sums = sums.filter { $0.text("kind") == kind.rawValue }
            guard let first = sums.first else { continue }
            let money = sums.map { "\(Count.text($0.integer("charges") ?? 0, "charge")), \($0.amount("amount"))" }.joined(separator: "; ")
            let since = sums.compactMap { $0.instant("since") }.min()
            let remedy = kind == .silence ? "  ->  \(first.text("remedy"))" : ""
            lines.append("- \(kind.rawValue): \(first.text("problem")): \(money), since \(Ago.full(since, now: now))\(remedy)")
            let own = alarms.filter { $0.text("kind") == kind.rawValue }
            lines += Self.table(own, heading: first.text("problem"), now: now)
            let more = sums.reduce(0) { $0 + ($1.integer("charges") ?? 0) } - Int64(own.count)
            if more > 0, kind != .silence { lines.append("    and \(more) more  ->  terima alarms --kind \(kind.rawValue) --limit 10000") }
        }
        return lines.map(Table.printable)
    }

    /// What a row says that the heading has said already is left out.
    private static func table(_ alarms: [Row], heading: String, now: Instant) -> [String] {
        guard !alarms.isEmpty else { return [] }
        var table = Table([.init(title: ""), .init(title: ""), .init(title: "", isNumber: true), .init(title: ""), .init(title: ""), .init(title: "")])
        for row in alarms {
            table.add([
                row.text("charge"), row.text("merchantPaymentChargeReference"), row.amount("amount"),
                row.instant("since").map { Ago.text($0, now: now) } ?? "-",
                row.text("problem") == heading ? "-" : row.text("problem"), "->  \(row.text("remedy"))",
            ])
        }
        return table.lines.dropFirst().map { "    " + $0 }
    }
}

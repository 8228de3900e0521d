import ArgumentParser
import PaymentCore

struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Ask PPRO where charges stand, and take its word.",
        discussion: """
            terima asks by itself when a charge is in doubt: a contradiction, a charge pending longer than its method allows, a PROCESSING status older than
            ten minutes, open charges after a downtime. This asks now. What PPRO says enters as an event of its own (source terima:reconcile); a difference is
            repaired, recorded in the history and told to the shop. One charge is asked about at once; many are asked about in their turn, within
            TERIMA_PPRO_RATE. Needs the running service and PPRO's API (TERIMA_PPRO_URL).

            EXAMPLES:
              terima reconcile --charge charge_mXC6KnPKOY6MuyBf7dwaY
              terima reconcile --open
              terima reconcile --since 6h
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions
    @Option(help: ArgumentHelp("This charge, by its id or merchantPaymentChargeReference; terima need not have heard of it.", valueName: "id")) var charge:
        String?
    @Flag(help: "Every open charge.") var open = false
    @Option(help: ArgumentHelp("Every charge that changed since then, open or not: a time or how long ago.", valueName: "time")) var since: String?

    func validate() throws {
        guard [charge != nil, open, since != nil].count(where: { $0 }) == 1 else {
            throw ValidationError("say what to ask about: one of --charge, --open and --since")
        }
    }

    func run() async throws {
        try await runCommand {
            try await OperatorAccess.with(common) { access in
                let report = try await access.answer(.reconcile(document: document)).row
                if output.json { try Listing.printJSON([report]) } else { try Console.lines(sentences(report)) }
            }
        }
    }

    private var document: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            if let charge { writer.member("charge", charge) }
            if open { writer.member("open", true) }
            if let since { writer.member("since", since) }
        }
        return writer.bytes
    }

    private func sentences(_ report: Row) -> [String] {
        guard charge != nil else {
            let count = Count.text(report.integer("asked") ?? 0, "charge")
            return ["PPRO is asked about \(count), in their turn; `terima status` counts the answers, `terima charges list` shows what has changed."]
        }
        return (report.json["answers"]?.elements ?? []).map { answer in
            let word = "PPRO says \(answer["status"]?.string ?? "?") as of \(answer["updatedAt"]?.string ?? "?")"
            let news = answer["news"]?.bool == true ? "recorded, and applied if it changes anything" : "nothing that was not known"
            return Table.printable("\(answer["charge"]?.string ?? "?"): \(word): \(news)")
        }
    }
}

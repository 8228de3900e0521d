import ArgumentParser
import PaymentCore

struct EraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erase a consumer's personal data; what was paid stays.",
        discussion: """
            The bodies of the events about a charge or an agreement go, with conflicting bodies and what was passed on of them, or of everything in which a mail
            address is found and of all charges that it belongs to. They are gone from the file and its log byte by byte, not only from the tables. Status, amounts,
            history and the shop's own references stay, and a repeat of an event is still a repeat. It cannot be undone. Backups and other copies made before still
            have the data: those beside the database are named. An event that comes later brings its data with it. Who asked is recorded, never for whom.

            Exit code 75 when somebody read from the database all the time, so that its log could not be emptied: repeat it.

            EXAMPLES:
              terima erase --charge charge_mXC6KnPKOY6MuyBf7dwaY --reason 'request 4711'
              terima erase --consumer ayu@example.com --dry-run
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions
    @Option(help: ArgumentHelp("A charge or an agreement, or a charge's merchantPaymentChargeReference.", valueName: "id")) var charge: String?
    @Option(help: ArgumentHelp("A mail address.", valueName: "address")) var consumer: String?
    @Option(help: ArgumentHelp("Why; recorded. No personal data, please.", valueName: "text")) var reason: String?
    @Flag(name: .customLong("dry-run"), help: "Only count.") var dryRun = false

    private static let patienceSeconds: Int64 = 86_400

    func validate() throws {
        guard (charge == nil) != (consumer == nil) else { throw ValidationError("say whose data: --charge or --consumer") }
    }

    func run() async throws {
        try await runCommand {
            try await OperatorAccess.with(common, changes: true, patience: Self.patienceSeconds) { access in
                let report = try await access.answer(.erase(document: document)).row
                if output.json { try Listing.printJSON([report]) } else { try Console.lines(sentences(report)) }
                guard dryRun || report.json["clean"]?.bool == true else {
                    throw CommandFailure(.unfinished, "somebody reads from the database all the time, so its log still holds the data; repeat it")
                }
            }
        }
    }

    private var document: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("charge", charge)
            $0.member("consumer", consumer)
            $0.member("reason", reason)
            $0.member("who", ProcessEnvironment.userName)
            $0.member("dryRun", dryRun)
        }
        return writer.bytes
    }

    private func sentences(_ report: Row) -> [String] {
        let events = report.integer("events") ?? 0
        let subjects = report.json["subjects"]?.elements.compactMap(\.string) ?? []
        guard events > 0 else { return ["Nothing that is stored has this address."] }
        let about = subjects.isEmpty ? "" : " about \(subjects.map(Table.printable).joined(separator: ", "))"
        if dryRun { return ["\(Count.text(events, "event"))\(about) would be erased."] }
        let copies = report.json["copies"]?.elements.compactMap(\.string) ?? []
        return ["\(Count.text(report.integer("bodies") ?? 0, "body", "bodies")) of \(Count.text(events, "event"))\(about) erased."]
            + (copies.isEmpty ? [] : ["These copies may still have the data, as may those that were taken elsewhere:"])
            + copies.map { "  \(Table.printable($0))" }
    }
}

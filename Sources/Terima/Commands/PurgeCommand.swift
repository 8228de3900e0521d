import ArgumentParser
import PaymentCore

struct PurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Take away the bodies that are older than the retention.",
        discussion: """
            Events keep what identifies them and what their charge is made of, so a repeat is still a repeat and `terima rebuild --check` finds no difference; their
            bodies go, and so do the bodies of notifications that every endpoint has, with the records of the attempts. What is not yet applied or delivered
            stays, and so does what failed or died, until it was replayed. Free pages are given back to the disk. Safe while serving, to break off and to repeat.

            EXAMPLES:
              terima purge
              terima purge --older-than 30d --dry-run
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions
    @Option(help: ArgumentHelp("Instead of TERIMA_RETENTION.", valueName: "duration")) var olderThan: String?
    @Flag(name: .customLong("dry-run"), help: "Only count.") var dryRun = false

    private static let patienceSeconds: Int64 = 86_400

    func run() async throws {
        try await runCommand {
            try await OperatorAccess.with(common, changes: true, patience: Self.patienceSeconds) { access in
                let report = try await access.answer(.purge(document: document)).row
                if output.json { try Listing.printJSON([report]) } else { try Console.lines(sentences(report)) }
            }
        }
    }

    private var document: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("olderThan", olderThan)
            $0.member("dryRun", dryRun)
        }
        return writer.bytes
    }

    private func sentences(_ report: Row) -> [String] {
        func count(_ name: String, _ one: String, _ plural: String? = nil) -> String { Count.text(report.integer(name) ?? 0, one, plural) }
        let what = [
            count("payloads", "event body", "event bodies"), count("conflicts", "conflicting body", "conflicting bodies"),
            count("notifications", "notification body", "notification bodies"), count("attempts", "attempt"),
        ].joined(separator: ", ")
        let freed = dryRun ? "" : "; \(report.integer("freedBytes") ?? 0) bytes of the file are given back"
        var lines = ["\(dryRun ? "would be purged" : "purged"), from before \(report.text("before")): \(what)\(freed)."]
        let (unapplied, undelivered) = (report.json["kept"]?["unapplied"]?.integerValue ?? 0, report.json["kept"]?["undelivered"]?.integerValue ?? 0)
        if unapplied > 0 { lines.append("kept though old: \(Count.text(unapplied, "event")) not applied (terima events list --state failed)") }
        if undelivered > 0 { lines.append("kept though old: \(undelivered) with deliveries not made (terima deliveries list --state dead)") }
        return lines
    }
}

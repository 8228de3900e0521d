import ArgumentParser
import PaymentCore

struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Fold every charge and agreement again from its stored events.",
        discussion: """
            With --check nothing is changed, and the exit code is 1 when any charge or agreement differs from what its
            events say. Without it, what differs is repaired, recorded in the history and told to the shop like any other change. Safe while serving.

            EXAMPLE:
              terima rebuild --check
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Only compare; exit 1 on any difference.") var check = false

    func run() async throws {
        try await runCommand {
            try await OperatorAccess.with(common, changes: !check) { access in
                let answer = try await access.answer(.rebuild(document: Array(#"{"check":\#(check)}"#.utf8)))
                let report = try answer.row
                if output.json { try Listing.printJSON([report]) } else { try Console.lines(Self.sentences(report)) }
                if check, let count = report.integer("different"), count > 0 {
                    throw CommandFailure(.needsAttention, "what is stored is not what the events say; `terima rebuild` repairs it")
                }
            }
        }
    }

    private static func sentences(_ report: Row) -> [String] {
        let looked = [
            Count.text(report.integer("charges") ?? 0, "charge"), Count.text(report.integer("agreements") ?? 0, "agreement"),
        ].joined(separator: " and ")
        let different = report.integer("different") ?? 0
        guard different > 0 else { return ["\(looked) folded again: no difference."] }
        let repaired = report.integer("repaired") ?? 0
        return ["\(looked) folded again: \(different) different, \(repaired) repaired."]
            + (report.json["ids"]?.elements ?? []).compactMap(\.string).map { "  \(Table.printable($0))" }
    }
}

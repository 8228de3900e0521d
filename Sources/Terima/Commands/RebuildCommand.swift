import ArgumentParser
import PaymentCore

struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Fold every charge and agreement again from its stored events.",
        discussion: """
            With --check nothing is changed, and the exit code is 1 when any charge differs from what its events say. Without it, what differs is
            repaired, recorded in the history and told to the shop like any other change. Safe while serving.

            EXAMPLE:
              terima rebuild --check
            """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "Only compare; exit 1 on any difference.") var check = false

    func run() async throws {
        try await runCommand {
            try await OperatorAccess.with(common, changes: !check) { access in
                let answer = try await access.answer(.rebuild(document: Array(#"{"check":\#(check)}"#.utf8)))
                try Console.write(answer.bytes + [0x0A])
                if check, let count = try answer.row.integer("different"), count > 0 {
                    throw CommandFailure(.needsAttention, "\(count) stored states differ from their events; `terima rebuild` repairs them")
                }
            }
        }
    }
}

import Foundation
import PaymentCore
import TestSupport

/// The built `terima`, run as an operator runs it: a process of its own, with an environment that names everything.
struct CommandRun: Sendable {
    var status: Int32
    var output: [UInt8]
    var error: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var lines: [String] { text.split(separator: "\n").map(String.init) }
    /// The objects of `--json`, one a line.
    var objects: [JSONValue] { lines.compactMap { try? JSONDocument.parse(Array($0.utf8)).root } }

    /// The executable beside the test bundle, as SwiftPM has built it.
    static let executable: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("terima").path
    }()

    static func of(_ arguments: [String], environment: [String: String], input: String? = nil) async throws -> CommandRun {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let ended = try await Turnstile.processes.pass {
            try await Program.run(executable, arguments, environment: environment, directory: directory.path, input: input ?? "")
        }
        return CommandRun(status: ended.status, output: ended.output, error: ended.error)
    }
}

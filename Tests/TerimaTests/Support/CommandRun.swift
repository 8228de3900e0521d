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
    static let executable: URL = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("terima")
    }()

    static func of(_ arguments: [String], environment: [String: String], input: String? = nil) async throws -> CommandRun {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: directory.path)
        // Files, not pipes: nobody has to read while the command writes.
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: directory.write("", to: "out")))
        let error = try FileHandle(forWritingTo: URL(fileURLWithPath: directory.write("", to: "err")))
        let source = try FileHandle(forReadingFrom: URL(fileURLWithPath: directory.write(input ?? "", to: "in")))
        process.standardOutput = output
        process.standardError = error
        process.standardInput = source
        try await Turnstile.processes.pass { try await process.runToEnd() }
        try output.close()
        try error.close()
        try source.close()
        return CommandRun(
            status: process.terminationStatus, output: Array(try Data(contentsOf: URL(fileURLWithPath: directory.file("out")))),
            error: try directory.read("err"))
    }
}

extension Process {
    /// Starts the process and waits for its end without holding a thread.
    func runToEnd() async throws {
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            terminationHandler = { _ in ended.resume() }
            do { try run() } catch { ended.resume(throwing: error) }
        }
    }
}

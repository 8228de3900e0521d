import Subprocess
import SystemPackage
import TestSupport

/// A command that goes on until it is told to end: its lines come as they are written.
final class RunningCommand: Sendable {
    /// What it writes to standard output and to standard error, line by line.
    let output: AsyncStream<String>
    let notes: AsyncStream<String>
    private let signals: AsyncStream<Signal>.Continuation
    private let run: Task<Int32, any Error>

    static func start(_ arguments: [String], environment: [String: String]) -> RunningCommand { RunningCommand(arguments, environment) }

    private init(_ arguments: [String], _ environment: [String: String]) {
        let (output, lines) = AsyncStream.makeStream(of: String.self)
        let (notes, noted) = AsyncStream.makeStream(of: String.self)
        let (sent, signals) = AsyncStream.makeStream(of: Signal.self)
        (self.output, self.notes, self.signals) = (output, notes, signals)
        run = Task {
            // Also when it could not be started: whoever waits for a line learns it.
            defer {
                lines.finish()
                noted.finish()
            }
            return try await Subprocess.run(
                .path(FilePath(CommandRun.executable)), arguments: .init(arguments), environment: .only(environment), input: .none,
                output: .sequence, error: .sequence
            ) { process in
                async let printed: Void = Self.pass(process.standardOutput, to: lines)
                async let complained: Void = Self.pass(process.standardError, to: noted)
                async let told: Void = { for await signal in sent { try process.send(signal: signal) } }()
                _ = try await (printed, complained)
                signals.finish()
                try await told
            }.terminationStatus.code
        }
    }

    /// The next line that `isWanted`; nil when the command ended without one.
    static func next(of lines: AsyncStream<String>, _ isWanted: (String) -> Bool = { _ in true }) async -> String? {
        for await line in lines where isWanted(line) { return line }
        return nil
    }

    /// SIGTERM, or SIGINT as Ctrl-C sends it. Returns the exit status, or the signal that ended it.
    func stop(interrupt: Bool = false) async throws -> Int32 {
        signals.yield(interrupt ? .interrupt : .terminate)
        return try await status()
    }

    /// How it ended, when it has ended.
    func status() async throws -> Int32 { try await run.value }

    private static func pass(_ written: SubprocessOutputSequence, to lines: AsyncStream<String>.Continuation) async throws {
        for try await line in written.strings(separatedBy: .unicodeScalarSequence(["\n"])) { lines.yield(line) }
        lines.finish()
    }
}

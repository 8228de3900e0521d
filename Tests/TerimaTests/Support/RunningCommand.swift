import Foundation
import Synchronization

/// A command that goes on until it is told to end: its lines come as they are written.
final class RunningCommand: Sendable {
    /// What it writes to standard output and to standard error, line by line.
    let output: AsyncStream<String>
    let notes: AsyncStream<String>
    private let process: Process
    private let ended: AsyncStream<Int32>

    static func start(_ arguments: [String], environment: [String: String]) throws -> RunningCommand {
        let process = Process()
        process.executableURL = CommandRun.executable
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let (output, notes) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = notes
        let (ended, end) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { end.yield($0.terminationStatus) }
        let command = RunningCommand(process: process, output: lines(of: output), notes: lines(of: notes), ended: ended)
        try process.run()
        return command
    }

    private init(process: Process, output: AsyncStream<String>, notes: AsyncStream<String>, ended: AsyncStream<Int32>) {
        (self.process, self.output, self.notes, self.ended) = (process, output, notes, ended)
    }

    /// The next line that `isWanted`; nil when the command ended without one.
    static func next(of lines: AsyncStream<String>, _ isWanted: (String) -> Bool = { _ in true }) async -> String? {
        for await line in lines where isWanted(line) { return line }
        return nil
    }

    /// SIGTERM, or SIGINT as Ctrl-C sends it. Returns the exit status, or the signal that ended it.
    func stop(interrupt: Bool = false) async -> Int32 {
        interrupt ? process.interrupt() : process.terminate()
        return await status() ?? -1
    }

    /// How it ended, when it has ended.
    func status() async -> Int32? { await ended.first { _ in true } }

    private static func lines(of pipe: Pipe) -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let rest = Mutex(Data())
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                return continuation.finish()
            }
            rest.withLock { rest in
                rest.append(data)
                while let end = rest.firstIndex(of: 0x0A) {
                    continuation.yield(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                    rest = Data(rest[rest.index(after: end)...])
                }
            }
        }
        return stream
    }
}

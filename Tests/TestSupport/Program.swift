import Foundation
package import Subprocess
import SystemPackage

/// Another program, run to its end. Not by Foundation's `Process`: to find what the child has to close it copies the names of all open descriptors past the end of
/// the buffer they are in, and tests that hold more than a thousand of them die of it now and then (swift-corelibs-foundation, pull request 5472).
package struct Program: Sendable {
    /// The exit status, or the signal that ended it.
    package let status: Int32
    package let output: [UInt8]
    package let error: String

    /// - Parameter environment: all of it; nil for that of the tests.
    package static func run(
        _ path: String, _ arguments: [String], environment: [String: String]? = nil, directory: String? = nil, input: String = ""
    ) async throws -> Program {
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: .init(arguments), environment: environment.map { .only($0) } ?? .inherit,
            workingDirectory: directory.map { FilePath($0) }, input: .string(input), output: .bytes(limit: 64 << 20), error: .string(limit: 1 << 20))
        return Program(status: result.terminationStatus.code, output: result.standardOutput, error: result.standardError)
    }
}

extension Environment {
    /// These, and what a sanitizer has to know.
    package static func only(_ values: [String: String]) -> Self {
        let sanitizers = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }
        return .custom(values.merging(sanitizers) { given, _ in given }.map { Array("\($0.key)=\($0.value)\0".utf8) })
    }
}

extension TerminationStatus {
    /// The exit status, or the signal that ended it.
    package var code: Int32 {
        switch self {
        case .exited(let code), .signaled(let code): code
        }
    }
}

import ArgumentParser
import EventStore
import Logging
import PaymentCore

/// Runs a command's body and turns its errors into one line on standard error and the documented exit code.
func runCommand(_ body: () async throws -> Void) async throws {
    do { try await body() } catch is Console.BrokenPipe {
        return
    } catch let failure as CommandFailure {
        try end(failure)
    } catch let error as ConfigurationError {
        try end(CommandFailure(.configuration, error.description))
    } catch let error as StoreError {
        try end(CommandFailure(.storage, "\(error)"))
    } catch let error as AuthorityError {
        try end(CommandFailure(error))
    } catch let problem as Problem {
        try end(CommandFailure(problem))
    }
}

private func end(_ failure: CommandFailure) throws {
    let prefix = Journal.isBehindStandardError ? Journal.prefix(.error) : ""
    Console.note("\(prefix)terima: \(Table.printable(failure.message))")
    throw ExitCode(failure.code.rawValue)
}

extension CommandFailure {
    init(_ problem: Problem) {
        let code: Code =
            switch problem.code {
            case .badRequest, .unauthorized, .methodNotAllowed: .usage
            case .notConfigured: .configuration
            case .notFound, .purged: .notFound
            case .unavailable, .internalError, .backupExists, .backupFailed: .storage
            case .serviceDown, .tooManyWaiting, .pproUnavailable, .maintenanceRunning: .unavailable
            }
        self.init(code, problem.detail)
    }
}

import Foundation
import Logging
import PaymentCore
import Synchronization
import TestSupport

@testable import Terima

/// One terima as an operator has it: a directory, a configuration, and the command. Nothing of the machine's own configuration reaches it.
struct Installation: Sendable {
    static let token = "a-token-of-the-operator"
    static let signingSecret = "a-signing-secret"

    /// A busy machine is nothing that hangs: nothing is broken off within a test.
    static let shutdownSeconds: Int64 = 3_600

    let directory: TemporaryDirectory
    let endpointSecret: String
    var environment: [String: String]

    var database: String { environment["TERIMA_DATABASE"] ?? "" }
    var socketPath: String { ServiceConfiguration.socketPath(database: database) }

    /// - Parameter shop: the port at which the shop listens; nobody listens at 1.
    /// - Parameter isSeeded: with everything of `Template`, else there is no database yet.
    init(shop: Int = 1, isSeeded: Bool = true) async throws {
        directory = try TemporaryDirectory()
        endpointSecret = EndpointSecret.generate().exposed
        environment = [
            "TERIMA_DATABASE": directory.file("terima.db"), "TERIMA_LISTEN": "127.0.0.1:0", "TERIMA_API_LISTEN": "127.0.0.1:0",
            "TERIMA_API_TOKEN": Self.token, "TERIMA_SIGNING_SECRETS": Self.signingSecret, "TERIMA_ENDPOINTS": "shop",
            "TERIMA_ENDPOINT_SHOP_URL": "http://127.0.0.1:\(shop)/hook", "TERIMA_ENDPOINT_SHOP_SECRET": endpointSecret,
        ]
        if isSeeded { _ = try await Template.copy(to: directory) }
        try directory.write("", to: "terima.yaml")
    }

    /// Runs a command; `--config` with an empty file keeps the machine's own out.
    func run(_ arguments: String..., input: String? = nil) async throws -> CommandRun { try await run(arguments, input: input) }

    func run(_ arguments: [String], input: String? = nil) async throws -> CommandRun {
        let config = arguments.contains("--config") ? [] : ["--config", directory.file("terima.yaml")]
        return try await CommandRun.of(arguments + config, environment: environment, input: input)
    }

    func configuration() async throws -> ServiceConfiguration {
        try await ServiceConfiguration.load(environment: environment, configFile: directory.file("terima.yaml"))
    }

    /// The service, as `terima serve` wires it, for as long as `body` runs.
    func serve(
        logger: Logger = .silent, replayFailed: Bool = false, receivesOnly: Bool = false, waiting: ChangeFeed.Settings = .init(),
        _ body: (Served) async throws -> Void
    ) async throws {
        try await Turnstile.services.pass { try await serveNow(logger, replayFailed, receivesOnly, ChangeFeed(settings: waiting), body) }
    }

    private func serveNow(_ logger: Logger, _ replayFailed: Bool, _ receivesOnly: Bool, _ feed: ChangeFeed, _ body: (Served) async throws -> Void) async throws
    {
        let stop = StopRequest()
        let (reloads, reloaded) = AsyncStream.makeStream(of: Void.self)
        let reloadRequest = ReloadRequest()
        let (ports, ready) = AsyncThrowingStream.makeStream(of: RunningService.Ports.self)
        let service = RunningService(
            configuration: try await configuration(), logger: logger, receivesOnly: receivesOnly, onReady: { ready.yield($0) }, stopRequest: stop, feed: feed,
            load: { try await configuration() }, reloadRequest: reloadRequest, onReloaded: { reloaded.yield() }, shutdownSeconds: Self.shutdownSeconds)
        let running = Task {
            do {
                try await service.run(replayFailed: replayFailed)
                ready.finish()
            } catch {
                ready.finish(throwing: error)
                throw error
            }
        }
        guard let bound = try await ports.first(where: { _ in true }) else { return }
        let served = Served(installation: self, ports: bound, feed: feed, stopRequest: stop, running: running, reloadRequest: reloadRequest, reloads: reloads)
        let result: Result<Void, any Error>
        do { result = .success(try await body(served)) } catch { result = .failure(error) }
        try await served.stop()
        try result.get()
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

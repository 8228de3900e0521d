import AsyncHTTPClient
import EventStore
import NIOCore
import NIOHTTP1
import NIOPosix
import PaymentCore
import SystemPackage

/// How a command reaches the data: through the running service's Unix socket or, when it is down, by the database itself.
struct OperatorAccess {
    private enum Way {
        case service(HTTPClient, socketPath: String, patience: TimeAmount)
        case database(Operations)
    }

    private let way: Way

    /// Whether the service is running.
    var isService: Bool { if case .service = way { true } else { false } }

    /// Most bytes that an answer may have.
    private static let maximumAnswerBytes = 256 << 20

    /// Opens the way, runs the body, and closes it again.
    /// - Parameters:
    ///   - changes: whether the command changes something; without the service that takes the database's lock.
    ///   - patience: how many seconds the service may take for an answer.
    static func with(
        _ options: CommonOptions, changes: Bool = false, patience: Int64 = 120, _ body: (OperatorAccess) async throws -> Void
    ) async throws {
        let configuration = try await options.configuration(readsSecrets: false)
        let socketPath = configuration.socketPath
        if await isServing(socketPath) {
            var settings = HTTPClient.Configuration(redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(patience)))
            settings.httpVersion = .http1Only
            // A socket on which nobody listens any more is an answer, not something to try again.
            settings.connectionPool.retryConnectionEstablishment = false
            let client = HTTPClient(eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup.next()), configuration: settings)
            do { try await body(OperatorAccess(way: .service(client, socketPath: socketPath, patience: .seconds(max(300, patience))))) } catch {
                try? await client.shutdown()
                throw error
            }
            return try await client.shutdown()
        }
        try await withDatabase(configuration, changes: changes, body)
    }

    private static func withDatabase(
        _ configuration: ServiceConfiguration, changes: Bool, _ body: (OperatorAccess) async throws -> Void
    ) async throws {
        let path = configuration.database
        guard (try? unsafe FileDescriptor.open(path, .readOnly, options: .closeOnExec).close()) != nil else {
            throw CommandFailure(.storage, "there is no readable database at \(path); is TERIMA_DATABASE right, and has `terima serve` ever run?")
        }
        let store = changes ? try EventStore.open(path: path) : nil
        defer { store?.close() }
        let readers = try ReaderPool(path: path, count: 1)
        defer { readers.close() }
        try await body(
            OperatorAccess(
                way: .database(
                    Operations(
                        path: path, readers: readers, store: store, endpoints: configuration.endpoints, now: WallClock.now,
                        alarmRules: configuration.alarmRules, asksPPRO: configuration.asksPPRO, retention: configuration.retentionMilliseconds))))
    }

    /// Asks the service, or the database, for an answer.
    func answer(_ request: OperatorRequest) async throws -> OperatorAnswer {
        switch way {
        case .database(let operations): return try await operations.answer(request)
        case .service(let client, let socketPath, let patience):
            let call = HTTPCall(request)
            let response: HTTPClient.Response
            do {
                response = try await client.execute(
                    call.method, socketPath: socketPath, urlPath: call.target, body: call.body.map { .bytes($0) }, deadline: .now() + patience
                ).get()
            } catch {
                throw CommandFailure(.unavailable, "the service did not answer at \(socketPath): \(error)")
            }
            let bytes = response.body.map { Array(buffer: $0) } ?? []
            guard response.status == .ok else { throw Self.failure(response.status.code, bytes) }
            return OperatorAnswer(bytes: bytes, mediaType: response.headers.first(name: "content-type") ?? "application/json")
        }
    }

    private static func failure(_ status: UInt, _ bytes: [UInt8]) -> any Error {
        let root = (try? JSONDocument.parse(bytes))?.root
        guard let code = root?["code"]?.string.flatMap(Problem.Code.init(rawValue:)), let detail = root?["detail"]?.string else {
            return CommandFailure(.unavailable, "the service answered \(status)")
        }
        return Problem(code, detail)
    }

    /// Whether somebody accepts connections on the socket; a file left behind by a crash does not.
    private static func isServing(_ socketPath: String) async -> Bool {
        guard socketPath.utf8.count < 104 else { return false }
        let channel = try? await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connectTimeout(.seconds(5)).connect(
            unixDomainSocketPath: socketPath
        ).get()
        try? await channel?.close().get()
        return channel != nil
    }
}

/// An operator's request as HTTP.
struct HTTPCall {
    var method: HTTPMethod = .GET
    var target: String
    var body: [UInt8]?

    init(_ request: OperatorRequest) {
        switch request {
        case .list(let collection, let parameters): target = "/v1/\(collection.rawValue)" + Self.query(parameters)
        case .show(let collection, let id, let parameters): target = "/v1/\(collection.rawValue)/\(PercentEncoding.encode(id))" + Self.query(parameters)
        case .body(let event): target = "/v1/events/\(PercentEncoding.encode(event))/body"
        case .status: target = "/v1/status"
        case .alarms(let parameters): target = "/v1/alarms" + Self.query(parameters)
        case .metrics: target = "/metrics"
        case .replay(let document): (method, target, body) = (.POST, "/v1/replays", document)
        case .rebuild(let document): (method, target, body) = (.POST, "/v1/rebuilds", document)
        case .reconcile(let document): (method, target, body) = (.POST, "/v1/reconciliations", document)
        case .acknowledge(let document): (method, target, body) = (.POST, "/v1/acknowledgements", document)
        case .backUp(let document): (method, target, body) = (.POST, "/v1/backups", document)
        case .purge(let document): (method, target, body) = (.POST, "/v1/purges", document)
        case .erase(let document): (method, target, body) = (.POST, "/v1/erasures", document)
        }
    }

    private static func query(_ parameters: Parameters) -> String {
        guard !parameters.items.isEmpty else { return "" }
        return "?" + parameters.items.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }
}

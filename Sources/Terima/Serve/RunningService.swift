import AsyncHTTPClient
import EventStore
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import PaymentCore
import Receiver
import ServiceLifecycle
import UnixSignals
import Worker

/// The wiring of `terima serve`: builds every part, starts them in the order of an event's way backwards, and stops them in the order of its way.
struct RunningService {
    let configuration: ServiceConfiguration
    let logger: Logger

    /// How long an orderly stop may take in all, in seconds; what is then still under way is cancelled (deliveries stay due).
    private static let shutdownSeconds: Int64 = 8
    private static let workerStopMilliseconds: Int64 = 4_000

    /// Runs until SIGTERM or SIGINT.
    func run(replayFailed: Bool) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let store = try EventStore.open(path: configuration.database)
        defer { store.close() }
        store.onFatal { error in
            logger.critical("storage failed for good; ending so that a restart can recover", metadata: ["error": "\(error)"])
            ProcessExit.now(ProcessExit.storageFailed)
        }
        let readers = try ReaderPool(path: configuration.database)
        defer { readers.close() }
        if replayFailed { try await replay(store) }

        let client = HTTPSender(
            group: group, maximumConnectionsPerHost: max(1, configuration.endpointConcurrency * configuration.endpoints.count))
        let worker = makeWorker(store, client)
        let feed = EventFeed()
        store.onCommit { if $0.events { feed.announce() } }
        let receiver = try await makeReceiver(group, store)
        let live = LiveState(startedAt: WallClock.now(), worker: worker, receiver: receiver, store: store)
        let operations = Operations(
            readers: readers, store: store, endpoints: configuration.endpoints, now: WallClock.now, live: live, feed: feed, loop: group.any())
        logger.info("terima is ready", metadata: readyFields(receiver))

        let services: [any Service] =
            [WorkerService(worker: worker, client: client, stopMilliseconds: Self.workerStopMilliseconds), FeedService(feed: feed)]
            + apis(operations, group) + [ReceiverService(receiver: receiver)]
        var lifecycle = ServiceGroupConfiguration(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        lifecycle.maximumGracefulShutdownDuration = .seconds(Self.shutdownSeconds)
        lifecycle.maximumCancellationDuration = .seconds(1)
        try await ServiceGroup(configuration: lifecycle).run()
        logger.info("terima has stopped")
    }

    private func replay(_ store: EventStore) async throws {
        let count = try await store.writeAsync("replay at start") {
            try $0.replay(ReplaySelection(failed: true), now: WallClock.now(), who: "terima serve", reason: "--replay-failed", dryRun: false)
        }
        logger.notice("replaying what had failed", metadata: ["events": "\(count.events)", "deliveries": "\(count.deliveries)"])
    }

    private func makeWorker(_ store: EventStore, _ sender: HTTPSender) -> Worker {
        let settings = WorkerSettings(
            schedule: configuration.retrySchedule, timeoutMilliseconds: configuration.attemptTimeoutMilliseconds,
            concurrencyPerEndpoint: configuration.endpointConcurrency, userAgent: "terima/\(Version.text)")
        return Worker(
            store: store, endpoints: configuration.endpoints, settings: settings, sender: sender, now: WallClock.now,
            jitter: { Double.random(in: 0..<1) }, logger: logger)
    }

    private func makeReceiver(_ group: MultiThreadedEventLoopGroup, _ store: EventStore) async throws -> ReceiverServer {
        var limits = RequestLimits(maximumBodyBytes: configuration.maximumBodyBytes)
        limits.maximumConnections = configuration.maximumConnections
        let verifier = SignatureVerifier(
            secrets: configuration.signingSecrets, legacy: configuration.legacySignature, tolerance: configuration.signatureTolerance)
        do {
            return try await ReceiverServer.start(
                group: group, binding: .address(host: configuration.listen.host, port: configuration.listen.port), store: store, verifier: verifier,
                limits: limits, now: WallClock.now, logger: logger)
        } catch {
            throw CommandFailure(.unavailable, "cannot listen on \(configuration.listen) (TERIMA_LISTEN): \(error)")
        }
    }

    private func apis(_ operations: Operations, _ group: MultiThreadedEventLoopGroup) -> [any Service] {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        func api(_ address: BindAddress, token: String?) -> any Service {
            Application(
                router: OperatorAPI.router(operations, token: token), configuration: ApplicationConfiguration(address: address),
                eventLoopGroupProvider: .shared(group), logger: quiet)
        }
        var services = [api(.unixDomainSocket(path: configuration.socketPath), token: nil)]
        if let token = configuration.apiToken {
            services.append(api(.hostname(configuration.apiListen.host, port: configuration.apiListen.port), token: token))
        }
        return services
    }

    private func readyFields(_ receiver: ReceiverServer) -> Logger.Metadata {
        [
            "version": "\(Version.text)", "listen": "\(receiver.localAddress.map { "\($0.ipAddress ?? ""):\($0.port ?? 0)" } ?? "-")",
            "api": "\(configuration.apiToken == nil ? configuration.socketPath : "\(configuration.apiListen)")", "database": "\(configuration.database)",
            "endpoints": "\(configuration.endpoints.map(\.name).joined(separator: ","))",
        ]
    }
}

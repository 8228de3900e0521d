import EventStore
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import PPRO
import PaymentCore
import Receiver
import ServiceLifecycle
import UnixSignals
import Worker

/// The wiring of `terima serve`: builds every part, starts them in the order of an event's way backwards, and stops them in the order of its way.
struct RunningService {
    let configuration: ServiceConfiguration
    let logger: Logger
    /// Nothing is applied, nobody is told or asked.
    var receivesOnly = false
    /// Called once when every listener is up.
    var onReady: @Sendable (Ports) -> Void = { _ in }
    /// An orderly stop from within, beside SIGTERM and SIGINT.
    var stopRequest: StopRequest?
    /// Where requests wait.
    var feed = ChangeFeed()

    /// The ports that were bound: where one is configured as 0, the system's choice.
    struct Ports: Sendable {
        var receiver: Int
        /// nil without an API token.
        var api: Int?
    }

    /// How long an orderly stop may take in all, in seconds; what is then still under way is cancelled (deliveries stay due).
    private static let shutdownSeconds: Int64 = 8
    private static let workerStopMilliseconds: Int64 = 4_000

    /// Runs until a signal comes.
    func run(replayFailed: Bool) async throws {
        let store = try EventStore.open(path: configuration.database)
        defer { store.close() }
        store.onFatal { error in
            logger.critical("storage failed for good; ending so that a restart can recover", metadata: ["error": "\(error)"])
            ProcessExit.now(ProcessExit.storageFailed)
        }
        let readers = try ReaderPool(path: configuration.database)
        defer { readers.close() }
        if replayFailed { try await replay(store, readers) }
        try await serve(store, readers)
        logger.info("terima has stopped")
    }

    private func serve(_ store: EventStore, _ readers: ReaderPool) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let sender = HTTPSender(group: group, maximumConnectionsPerHost: max(1, configuration.endpointConcurrency * configuration.endpoints.count))
        let worker = makeWorker(store, sender)
        store.onCommit { [feed] in feed.announce($0) }
        let receiver: ReceiverServer
        do { receiver = try await makeReceiver(group, store) } catch {
            await sender.shutdown()
            throw CommandFailure(.unavailable, "cannot listen on \(configuration.listen) (TERIMA_LISTEN): \(Reason.text(error))")
        }
        let reconciliation = makeReconciliation(store, group)
        let reconciler = reconciliation?.reconciler
        var ask: (@Sendable (String) -> Interest)?
        if let reconciler { ask = { reconciler.ask($0) } }
        let live = LiveState(startedAt: WallClock.now(), worker: worker, reconciler: reconciler, receiver: receiver, store: store, receivesOnly: receivesOnly)
        let operations = Operations(
            path: store.path, readers: readers, store: store, endpoints: configuration.endpoints, now: WallClock.now, alarmRules: configuration.alarmRules,
            asksPPRO: reconciler != nil, live: live, feed: feed, loop: group.any(), ask: ask)

        let readiness = Readiness(listeners: configuration.apiToken == nil ? 1 : 2) { apiPort in
            logger.info("terima is ready", metadata: readyFields(receiver, apiPort))
            onReady(Ports(receiver: receiver.localAddress?.port ?? 0, api: apiPort))
        }
        // Stopped from the last to the first. The feed before the APIs: they wait for the requests under way, and some of those wait for a change.
        var services: [any Service] = [
            WorkerService(worker: worker, client: sender, isHeld: receivesOnly, stopMilliseconds: Self.workerStopMilliseconds)
        ]
        if let reconciliation { services.append(reconciliation) }
        services.append(AlarmWatch(readers: readers, rules: configuration.alarmRules, live: live, now: WallClock.now, logger: logger))
        services += apis(operations, group, readiness) + [FeedService(feed: feed), ReceiverService(receiver: receiver)]
        var settings = ServiceGroupConfiguration(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        if let stopRequest { settings.services.append(.init(service: stopRequest, successTerminationBehavior: .gracefullyShutdownGroup)) }
        settings.maximumGracefulShutdownDuration = .seconds(Self.shutdownSeconds)
        settings.maximumCancellationDuration = .seconds(1)
        try await ServiceGroup(configuration: settings).run()
    }

    private func replay(_ store: EventStore, _ readers: ReaderPool) async throws {
        let request = ReplayRequest(ReplaySelection(failed: true), at: WallClock.now(), who: "terima serve", reason: "--replay-failed")
        let count = try await store.replay(request, readers: readers)
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

    /// nil when PPRO's API is not configured.
    private func makeReconciliation(_ store: EventStore, _ group: MultiThreadedEventLoopGroup) -> ReconcilerService? {
        guard !receivesOnly, let settings = configuration.ppro else { return nil }
        let client = PPROClient(settings: settings, group: group, now: WallClock.now, logger: logger)
        let reconciler = Reconciler(store: store, authority: client, now: WallClock.now, logger: logger)
        return ReconcilerService(reconciler: reconciler, client: client, lastAlive: store.lastAlive)
    }

    private func makeReceiver(_ group: MultiThreadedEventLoopGroup, _ store: EventStore) async throws -> ReceiverServer {
        let verifier = SignatureVerifier(
            secrets: configuration.signingSecrets, legacy: configuration.legacySignature, tolerance: configuration.signatureTolerance)
        return try await ReceiverServer.start(
            group: group, binding: .address(host: configuration.listen.host, port: configuration.listen.port), store: store, verifier: verifier,
            limits: configuration.requestLimits, now: WallClock.now, logger: logger)
    }

    /// The libraries' loggers: what they say at info is of no use to an operator.
    private var quiet: Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }

    private func apis(_ operations: Operations, _ group: MultiThreadedEventLoopGroup, _ readiness: Readiness) -> [any Service] {
        func api(_ address: BindAddress, _ place: String, token: String?) -> any Service {
            let server = Application(
                router: OperatorAPI.router(operations, token: token), configuration: ApplicationConfiguration(address: address),
                onServerRunning: { readiness.listenerIsUp(port: $0.localAddress?.port) }, eventLoopGroupProvider: .shared(group), logger: quiet)
            return OperatorAPIService(server: server, place: place)
        }
        let (socketPath, listen) = (configuration.socketPath, configuration.apiListen)
        var services = [api(.unixDomainSocket(path: socketPath), "the Unix socket \(socketPath)", token: nil)]
        if let token = configuration.apiToken {
            services.append(api(.hostname(listen.host, port: listen.port), "\(listen) (TERIMA_API_LISTEN)", token: token))
        }
        return services
    }

    private func readyFields(_ receiver: ReceiverServer, _ apiPort: Int?) -> Logger.Metadata {
        var api = configuration.apiListen
        api.port = apiPort ?? api.port
        return [
            "version": "\(Version.text)", "listen": "\(receiver.localAddress.map { "\($0.ipAddress ?? ""):\($0.port ?? 0)" } ?? "-")",
            "api": "\(configuration.apiToken == nil ? configuration.socketPath : "\(api)")", "database": "\(configuration.database)",
            "endpoints": "\(configuration.endpoints.map(\.name).joined(separator: ","))",
        ]
    }
}

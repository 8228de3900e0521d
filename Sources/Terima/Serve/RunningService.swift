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
    var systemd = Systemd()
    /// Nothing is applied, nobody is told or asked.
    var receivesOnly = false
    /// Called once when every listener is up.
    var onReady: @Sendable (Ports) -> Void = { _ in }
    /// An orderly stop from within, beside SIGTERM and SIGINT.
    var stopRequest: StopRequest?
    /// Where requests wait.
    var feed = ChangeFeed()
    /// Reads the configuration as it is now, when secrets are to be read again.
    var load: (@Sendable () async throws -> ServiceConfiguration)?
    /// A wish for that from within, beside SIGHUP.
    var reloadRequest = ReloadRequest()
    /// Called each time when it has been done, or could not be.
    var onReloaded: @Sendable () -> Void = {}
    /// How long an orderly stop may take in all; what is then still under way is cancelled (deliveries stay due).
    var shutdownSeconds: Int64 = 8

    /// The ports that were bound: where one is configured as 0, the system's choice.
    struct Ports: Sendable {
        var receiver: Int
        /// nil without an API token.
        var api: Int?
    }

    private static let workerStopMilliseconds: Int64 = 4_000

    /// Runs until a signal comes.
    func run(replayFailed: Bool) async throws {
        systemd.notify?.send(["STATUS=Opening the database"])
        let stamps = Reload.stamps(of: configuration.tls)
        let identity = try configuration.tls?.read()
        if let identity { tell(CertificateValidity(identity, now: WallClock.now())) }
        let store = try EventStore.open(path: configuration.database)
        defer { store.close() }
        store.onFatal { error in
            logger.critical("storage failed for good; ending so that a restart can recover", metadata: ["error": "\(error)"])
            ProcessExit.now(ProcessExit.storageFailed)
        }
        store.onHealth { [logger] health in
            switch health {
            case .well: logger.notice("events are taken again")
            case .strained(let reason, let sentence):
                logger.warning("events are taken, but not for ever", metadata: ["code": "\(reason)", "reason": "\(sentence)"])
            case .unwell(let reason, let sentence): logger.error("no event is taken", metadata: ["code": "\(reason)", "reason": "\(sentence)"])
            }
        }
        for finding in store.findings { logger.warning("the database was not left whole", metadata: ["finding": "\(finding)"]) }
        let readers = try ReaderPool(path: configuration.database)
        defer { readers.close() }
        if replayFailed { try await replay(store, readers) }
        try await serve(store, readers, identity, stamps)
        logger.info("terima has stopped")
    }

    private func serve(_ store: EventStore, _ readers: ReaderPool, _ identity: TLSIdentity?, _ stamps: [FileWatch.Stamp?]) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let sender = HTTPSender(
            group: group, maximumConnectionsPerHost: max(1, configuration.endpointConcurrency * configuration.endpoints.count),
            authorities: configuration.authorities)
        let worker = makeWorker(store, sender)
        store.onCommit { [feed] in feed.announce($0) }
        let receiver: ReceiverServer
        do { receiver = try await makeReceiver(group, store, identity) } catch {
            await sender.shutdown()
            throw CommandFailure(.unavailable, "cannot listen on \(configuration.listen) (TERIMA_LISTEN): \(Reason.text(error))")
        }
        let address = Self.text(receiver.localAddress)
        if systemd.listener != nil, configuration.origins[.listen] != nil, address != configuration.listen.description {
            logger.warning("systemd's socket decides where webhooks come in, TERIMA_LISTEN does not", metadata: ["listen": "\(address)"])
        }
        let reconciliation = makeReconciliation(store, group)
        let reconciler = reconciliation?.reconciler
        var ask: (@Sendable (String) -> Interest)?
        if let reconciler { ask = { reconciler.ask($0) } }
        let live = LiveState(startedAt: WallClock.now(), worker: worker, reconciler: reconciler, receiver: receiver, store: store, receivesOnly: receivesOnly)
        let operations = Operations(
            path: store.path, readers: readers, store: store, endpoints: configuration.endpoints, now: WallClock.now, alarmRules: configuration.alarmRules,
            asksPPRO: reconciler != nil, retention: configuration.retentionMilliseconds, live: live, feed: feed, loop: group.any(), ask: ask)

        let readiness = Readiness(listeners: configuration.apiToken == nil ? 1 : 2) { apiPort in
            logger.info("terima is ready", metadata: readyFields(address, apiPort))
            systemd.notify?.send(["READY=1", "STATUS=Receiving on \(address)"])
            onReady(Ports(receiver: receiver.localAddress?.port ?? 0, api: apiPort))
        }
        // Stopped from the last to the first. The feed before the APIs: they wait for the requests under way, and some of those wait for a change.
        var services = supervision(store, worker, group, address)
        services.append(WorkerService(worker: worker, client: sender, isHeld: receivesOnly, stopMilliseconds: Self.workerStopMilliseconds))
        if let reconciliation { services.append(reconciliation) }
        services.append(AlarmWatch(readers: readers, rules: configuration.alarmRules, live: live, now: WallClock.now, logger: logger))
        let token = configuration.apiToken.map(BearerToken.init)
        services += apis(operations, group, readiness, token) + [FeedService(feed: feed), ReceiverService(receiver: receiver)]
        if let load {
            let holders = Reload.Holders(receiver: receiver, worker: worker, sender: sender, ppro: reconciliation?.client, token: token)
            let reload = Reload(configuration, load: load, holders: holders, stamps: stamps, now: WallClock.now, logger: logger)
            services.append(ReloadService(reload: reload, request: reloadRequest, watchesFiles: identity != nil, onReloaded: onReloaded))
        }
        if let notify = systemd.notify { services.append(StopNotice(notify: notify)) }
        var settings = ServiceGroupConfiguration(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        if let stopRequest { settings.services.append(.init(service: stopRequest, successTerminationBehavior: .gracefullyShutdownGroup)) }
        settings.maximumGracefulShutdownDuration = .seconds(shutdownSeconds)
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

    /// Looks after all others until the last of them has stopped. Empty where systemd does not ask for it.
    private func supervision(_ store: EventStore, _ worker: Worker, _ group: MultiThreadedEventLoopGroup, _ address: String) -> [any Service] {
        guard let notify = systemd.notify else { return [] }
        let status: @Sendable () -> String = { [receivesOnly] in
            StatusLine.text(address: address, events: store.lastSeq, health: store.health, worker: worker.status(), receivesOnly: receivesOnly)
        }
        return [
            WatchdogService(
                notify: notify, parts: Watchdog.parts(store, worker, group), patienceMicroseconds: systemd.watchdogMicroseconds, status: status, logger: logger)
        ]
    }

    private func makeReceiver(_ group: MultiThreadedEventLoopGroup, _ store: EventStore, _ identity: TLSIdentity?) async throws -> ReceiverServer {
        let verifier = SignatureVerifier(
            secrets: configuration.signingSecrets, legacy: configuration.legacySignature, tolerance: configuration.signatureTolerance)
        return try await ReceiverServer.start(
            group: group, binding: systemd.listener.map { .descriptor($0) } ?? .address(host: configuration.listen.host, port: configuration.listen.port),
            store: store, verifier: verifier, identity: identity, proxies: configuration.trustedProxies, limits: configuration.requestLimits,
            now: WallClock.now, logger: logger)
    }

    /// The libraries' loggers: what they say at info is of no use to an operator.
    private var quiet: Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }

    private func apis(_ operations: Operations, _ group: MultiThreadedEventLoopGroup, _ readiness: Readiness, _ token: BearerToken?) -> [any Service] {
        func api(_ address: BindAddress, _ place: String, token: BearerToken?) -> any Service {
            let server = Application(
                router: OperatorAPI.router(operations, token: token), configuration: ApplicationConfiguration(address: address),
                onServerRunning: { readiness.listenerIsUp(port: $0.localAddress?.port) }, eventLoopGroupProvider: .shared(group), logger: quiet)
            return OperatorAPIService(server: server, place: place)
        }
        let (socketPath, listen) = (configuration.socketPath, configuration.apiListen)
        var services = [api(.unixDomainSocket(path: socketPath), "the Unix socket \(socketPath)", token: nil)]
        if let token {
            services.append(api(.hostname(listen.host, port: listen.port), "\(listen) (TERIMA_API_LISTEN)", token: token))
        }
        return services
    }

    private static func text(_ address: SocketAddress?) -> String {
        guard let address, let host = address.ipAddress, let port = address.port else { return address?.pathname ?? "-" }
        return ListenAddress(host: host, port: port).description
    }

    /// A certificate that clients will refuse is no reason to refuse the start: there may be one that does not look.
    private func tell(_ validity: CertificateValidity) {
        guard validity.state != .good else { return }
        logger.warning("\(validity.sentence)")
    }

    private func readyFields(_ address: String, _ apiPort: Int?) -> Logger.Metadata {
        var api = configuration.apiListen
        api.port = apiPort ?? api.port
        return [
            "version": "\(Version.text)", "listen": "\(address)",
            "api": "\(configuration.apiToken == nil ? configuration.socketPath : "\(api)")", "database": "\(configuration.database)",
            "endpoints": "\(configuration.endpoints.map(\.name).joined(separator: ","))", "tls": "\(configuration.tls == nil ? "off" : "on")",
        ]
    }
}

internal import HTTPTypes
internal import Hummingbird
package import Logging
internal import NIOCore
internal import NIOPosix
package import PaymentCore

/// The stand-in on a socket: the API, the wallet page, and the webhooks that go out.
package struct ProviderServer: Sendable {
    let settings: ProviderSettings
    let host: String
    let port: Int
    let now: @Sendable () -> Instant
    let logger: Logger
    /// Called with a line for every request: ids only.
    let onRequest: @Sendable (String) -> Void

    /// Webhook requests under way at once to one host.
    private static let connections = 16

    /// - Parameter port: 0 lets the system choose.
    package init(
        settings: ProviderSettings, host: String, port: Int, now: @escaping @Sendable () -> Instant, logger: Logger,
        onRequest: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.settings = settings
        self.host = host
        self.port = port
        self.now = now
        self.logger = logger
        self.onRequest = onRequest
    }

    /// Serves until SIGTERM or SIGINT, or until the task is cancelled.
    /// - Parameter onListening: Called with `host:port` as it was bound.
    /// - Throws: `StateFileError` when the state file cannot be used; anything else when the address cannot be listened on.
    package func run(onListening: @escaping @Sendable (String) -> Void) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let desk = try ProviderDesk(settings, now: now) { [onRequest] in onRequest($0.line) }
        let sender = WebhookSender(secret: settings.signingSecret, scheme: settings.scheme, connections: Self.connections)
        let dispatch = WebhookDispatch(desk: desk, sender: sender, loop: group.any(), now: now)
        let server = Application(
            responder: ProviderResponder(desk: desk),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "ppro-sandbox"),
            onServerRunning: { onListening(Self.text($0.localAddress)) }, eventLoopGroupProvider: .shared(group), logger: logger)
        let result: Result<Void, any Error> = await withTaskGroup { tasks in
            tasks.addTask { await dispatch.run() }
            defer { tasks.cancelAll() }
            do { return .success(try await server.runService()) } catch { return .failure(error) }
        }
        await sender.close()
        await desk.close()
        try result.get()
    }

    private static func text(_ address: SocketAddress?) -> String {
        guard let address, let host = address.ipAddress, let port = address.port else { return "" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

package import EventStore
import Glibc
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
package import PaymentCore

/// The public side: takes webhooks and answers `/healthz` over HTTP/1.1, nothing else.
package final class ReceiverServer: Sendable {
    /// Where to listen.
    package enum Binding: Sendable, Equatable {
        /// A name or an address, and a port; port 0 takes any that is free.
        case address(host: String, port: Int)
        /// A socket that is bound and listening already, as systemd hands it over. The server owns it from here on.
        case descriptor(CInt)
    }

    private let listener: any Channel
    private let connections: NIOLoopBound<OpenConnections>
    private let reception: Reception
    private let group: any EventLoopGroup

    /// What was answered since the start.
    package var counters: ReceiverCounters { reception.counters }

    /// Where the server listens; the port is the real one where 0 was asked for.
    package var localAddress: SocketAddress? { listener.localAddress }

    private init(listener: any Channel, connections: NIOLoopBound<OpenConnections>, reception: Reception, group: any EventLoopGroup) {
        self.group = group
        self.listener = listener
        self.connections = connections
        self.reception = reception
    }

    /// Binds and starts to serve.
    /// - Parameters:
    ///   - group: of NIO's POSIX event loops; it has to outlive the server and is not shut down by it.
    ///   - store: where accepted events go; to be closed after `stop()`.
    ///   - identity: encrypts every connection; nil none.
    ///   - proxies: whose word about a refused request's sender is taken.
    ///   - now: the wall clock, for the signature's age and the time of receipt.
    /// - Throws: what the system says when the address cannot be resolved or bound.
    package static func start(
        group: any EventLoopGroup, binding: Binding, store: EventStore, verifier: SignatureVerifier, identity: TLSIdentity? = nil,
        proxies: TrustedProxies = .none, limits: RequestLimits = RequestLimits(), now: @escaping @Sendable () -> Instant, logger: Logger
    ) async throws -> ReceiverServer {
        let reception = Reception(
            store: store, verifier: verifier, identity: identity, proxies: proxies, limits: limits, now: now, logger: logger, group: group)
        // NIO sets TCP_NODELAY on the listener, and accepted sockets inherit it.
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: limits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // One at a time, so that the limit on connections is exact.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { listener in
                listener.eventLoop.makeCompletedFuture {
                    try listener.pipeline.syncOperations.addHandler(OpenConnections(maximum: limits.maximumConnections))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2048, maximum: RequestLimits.largestReadBytes))
            .childChannelInitializer { connection in
                connection.eventLoop.makeCompletedFuture { try Self.configure(connection, reception) }
            }
        let listener =
            switch binding {
            case .address(let host, let port): try await bootstrap.bind(host: host, port: port).get()
            case .descriptor(let descriptor): try await Self.adopt(descriptor, bootstrap, limits)
            }
        let connections = try await listener.eventLoop.submit {
            NIOLoopBound(try listener.pipeline.syncOperations.handler(type: OpenConnections.self), eventLoop: listener.eventLoop)
        }.get()
        return ReceiverServer(listener: listener, connections: connections, reception: reception, group: group)
    }

    /// NIO listens on it again, with a backlog of its own: there would be room for fewer to wait, also while nobody accepts because the service restarts.
    private static func adopt(_ descriptor: CInt, _ bootstrap: ServerBootstrap, _ limits: RequestLimits) async throws -> any Channel {
        let listener = try await bootstrap.withBoundSocket(descriptor).get()
        _ = listen(descriptor, limits.backlog)
        return listener
    }

    private static func configure(_ connection: any Channel, _ reception: Reception) throws {
        let limits = reception.limits
        var headerLimits = NIOHTTPDecoderLimitConfiguration()
        headerLimits.maxHeaderFieldCount = limits.maximumHeaderFields
        headerLimits.maxHeaderFieldSize = limits.maximumHeaderFieldBytes
        headerLimits.maxHeaderListSize = limits.maximumHeaderBytes
        let identity = reception.currentIdentity
        let deadlines = RequestDeadlines(limits: limits, now: connection.eventLoop.now, isEncrypted: identity != nil)
        if let identity { try connection.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: identity.context)) }
        let overhead = RequestOverhead(limits: limits)
        // Answers are written as finished bytes and kept in order by the handler itself, so neither NIO's response encoder nor its pipelining handler is there.
        try connection.pipeline.syncOperations.addHandlers(
            deadlines, overhead,
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: headerLimits)),
            ReceiveWebhook(reception: reception, deadlines: deadlines, overhead: overhead, outcomes: reception.outcomes(for: connection.eventLoop)))
    }

    /// Connections open at this moment.
    package func connectionCount() async throws -> Int {
        try await listener.eventLoop.submit { self.connections.value.count }.get()
    }

    /// The secrets for requests from here on: a rotation without a restart.
    package func replaceVerifier(_ next: SignatureVerifier) {
        reception.replaceVerifier(next)
    }

    /// When a webhook last came that held with each of the signing secrets, by its position; nil for one that none has held with since the start.
    package var secretUses: [Instant?] { reception.currentVerification.uses.last }

    /// What new connections are encrypted with; nil when they are not.
    package var identity: TLSIdentity? { reception.currentIdentity }

    /// The certificate and key for connections from here on. Nothing when they are not encrypted: that is decided at the start.
    package func replaceIdentity(_ next: TLSIdentity) {
        reception.replaceIdentity(next)
    }

    /// NIO drops a connection that it has accepted but has not set up on its loop when the listener closes: no more are accepted first, and those are let be.
    private func stopAccepting() async {
        // It may be closed already.
        try? await listener.setOption(.autoRead, value: false).get()
        for loop in group.makeIterator() { try? await loop.submit {}.get() }
        try? await listener.eventLoop.submit {}.get()
        try? await listener.close().get()
    }

    /// Stops accepting, lets requests under way get their answers, closes idle connections, and returns when the last connection is gone. After `grace` those
    /// that are left are closed. Safe to call again.
    package func stop(within grace: TimeAmount = .seconds(5)) async throws {
        await stopAccepting()
        try await listener.eventLoop.flatSubmit { self.connections.value.drain(within: grace, on: self.listener.eventLoop) }.get()
        reception.logRemainingRefusals()
    }
}

import NIOCore
import NIOHTTP1
import NIOPosix
import PaymentCore

/// The shop's side: an HTTP server on a port of its own that answers everything with one status and tells what it received.
final class Shop: Sendable {
    struct Received: Sendable {
        var method: String
        var headers: HTTPHeaders
        var body: [UInt8]

        func header(_ name: String) -> String? { headers.first(name: name) }
        var json: JSONValue? { try? JSONDocument.parse(body).root }

        /// Whether the signature is right, by the time that it names itself.
        func isSigned(with secret: String) -> Bool {
            guard let secret = EndpointSecret(secret), let id = header("webhook-id"), let timestamp = header("webhook-timestamp"),
                let seconds = Int64(timestamp), let signature = header("webhook-signature")
            else { return false }
            let verdict = StandardWebhooks.verify(
                id: id, timestamp: timestamp, signature: signature, body: body, secrets: [secret], now: Instant(milliseconds: seconds * 1_000))
            if case .success = verdict { return true }
            return false
        }
    }

    let port: Int
    private let received: AsyncStream<Received>
    private let channel: any Channel

    static func start(status: Int = 204) async throws -> Shop {
        let (received, report) = AsyncStream.makeStream(of: Received.self)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(Handler(status: status, report: report))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return Shop(port: channel.localAddress?.port ?? 0, received: received, channel: channel)
    }

    private init(port: Int, received: AsyncStream<Received>, channel: any Channel) {
        (self.port, self.received, self.channel) = (port, received, channel)
    }

    /// The next request, when it has come.
    func next() async -> Received? { await received.first { _ in true } }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let status: Int
        private let report: AsyncStream<Received>.Continuation
        private var request: Received?

        init(status: Int, report: AsyncStream<Received>.Continuation) { (self.status, self.report) = (status, report) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): request = Received(method: head.method.rawValue, headers: head.headers, body: [])
            case .body(let buffer): request?.body.append(contentsOf: buffer.readableBytesView)
            case .end:
                let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: ["Content-Length": "0"])
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
                if let request { report.yield(request) }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

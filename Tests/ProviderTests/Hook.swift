import NIOCore
import NIOHTTP1
import NIOPosix

/// A merchant's webhook URL: a real HTTP server on a port of its own that answers as the test says and hands over what it received.
final class Hook: Sendable {
    struct Received: Sendable {
        var headers: HTTPHeaders
        var body: [UInt8]
    }

    let url: String
    let received: AsyncStream<Received>
    private let channel: any Channel

    /// - Parameter answer: The status for the n-th request, from 1.
    static func start(answering answer: @escaping @Sendable (Int) -> HTTPResponseStatus = { _ in .ok }) async throws -> Hook {
        let (received, end) = AsyncStream.makeStream(of: Received.self)
        let numbers = AsyncNumbers()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(Handler(numbers: numbers, answer: answer, end: end))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return Hook(channel, received)
    }

    private init(_ channel: any Channel, _ received: AsyncStream<Received>) {
        self.channel = channel
        self.received = received
        url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/hook"
    }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let numbers: AsyncNumbers
        private let answer: @Sendable (Int) -> HTTPResponseStatus
        private let end: AsyncStream<Received>.Continuation
        private var headers = HTTPHeaders()
        private var body: [UInt8] = []

        init(numbers: AsyncNumbers, answer: @escaping @Sendable (Int) -> HTTPResponseStatus, end: AsyncStream<Received>.Continuation) {
            self.numbers = numbers
            self.answer = answer
            self.end = end
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (headers, body) = (head.headers, [])
            case .body(let bytes): body += bytes.readableBytesView
            case .end:
                end.yield(Received(headers: headers, body: body))
                let head = HTTPResponseHead(version: .http1_1, status: answer(numbers.next()), headers: ["Content-Length": "0"])
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}

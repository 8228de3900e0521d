import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A real HTTP server on a port of its own that answers as the test says and tells what it received.
final class TestShop: Sendable {
    struct Received: Sendable {
        var path: String
        var headers: [(name: String, value: String)]
        var body: [UInt8]

        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
    }

    enum Answer: Sendable {
        case status(Int, headers: [(String, String)] = [], body: String = "")
        /// Accepts the request and says nothing.
        case silence
        /// A status, then a body without an end, as fast as the connection takes it.
        case endless(status: Int)
        /// A status and half a body, then nothing.
        case half(status: Int)
        /// Interim answers without an end, as fast as the connection takes them.
        case interim
        /// Closes the connection instead of answering.
        case hangUp
        /// Something that is not HTTP.
        case garbage
    }

    let port: Int
    let received: AsyncStream<Received>
    /// One element for each connection that was closed while the endless body was being written.
    let cutOff: AsyncStream<Void>
    private let channel: any Channel

    var url: String { "http://127.0.0.1:\(port)/hook" }

    /// - Parameter tls: Speaks TLS with this.
    static func start(tls: NIOSSLContext? = nil, answering answer: @escaping @Sendable (Received) -> Answer) async throws -> TestShop {
        let (received, receivedEnd) = AsyncStream.makeStream(of: Received.self)
        let (cutOff, cutOffEnd) = AsyncStream.makeStream(of: Void.self)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(Handler(answer: answer, received: receivedEnd, cutOff: cutOffEnd))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return TestShop(channel: channel, port: channel.localAddress?.port ?? 0, received: received, cutOff: cutOff)
    }

    private init(channel: any Channel, port: Int, received: AsyncStream<Received>, cutOff: AsyncStream<Void>) {
        self.channel = channel
        self.port = port
        self.received = received
        self.cutOff = cutOff
    }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: @Sendable (Received) -> Answer
        private let received: AsyncStream<Received>.Continuation
        private let cutOff: AsyncStream<Void>.Continuation
        private var request: Received?
        private var isEndless = false
        private var isInterim = false

        init(
            answer: @escaping @Sendable (Received) -> Answer, received: AsyncStream<Received>.Continuation,
            cutOff: AsyncStream<Void>.Continuation
        ) {
            self.answer = answer
            self.received = received
            self.cutOff = cutOff
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                request = Received(path: head.uri, headers: head.headers.map { ($0.name, $0.value) }, body: [])
            case .body(let buffer):
                request?.body.append(contentsOf: buffer.readableBytesView)
            case .end:
                guard let request else { return }
                received.yield(request)
                reply(answer(request), context)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            if isEndless { cutOff.yield(()) }
            isEndless = false
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) {
            if isEndless { pour(context) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func reply(_ answer: Answer, _ context: ChannelHandlerContext) {
            switch answer {
            case .status(let code, let headers, let body):
                head(code, headers + [("Content-Length", "\(body.utf8.count)")], context)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .silence:
                break
            case .endless(let code):
                head(code, [], context)
                isEndless = true
                pour(context)
            case .half(let code):
                head(code, [("Content-Length", "10")], context)
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "half:")))), promise: nil)
            case .interim:
                isEndless = true
                isInterim = true
                pour(context)
            case .hangUp:
                context.close(promise: nil)
            case .garbage:
                let channel = context.channel
                // Past the encoder: straight to the socket.
                channel.pipeline.syncOperations.removeHandlersAndWrite("SSH-2.0-OpenSSH_9.2\r\n\r\n", channel)
            }
        }

        private func head(_ code: Int, _ headers: [(String, String)], _ context: ChannelHandlerContext) {
            let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: code), headers: HTTPHeaders(headers))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
        }

        private func pour(_ context: ChannelHandlerContext) {
            let chunk = ByteBuffer(repeating: 0x78, count: 8192)
            while isEndless, context.channel.isWritable {
                if isInterim {
                    head(102, [("x", String(repeating: "x", count: 1000))], context)
                    context.flush()
                } else {
                    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(chunk))), promise: nil)
                }
            }
        }
    }
}

extension ChannelPipeline.SynchronousOperations {
    /// Writes bytes that no HTTP encoder would let through.
    fileprivate func removeHandlersAndWrite(_ text: String, _ channel: any Channel) {
        guard let encoder = try? context(handlerType: HTTPResponseEncoder.self) else { return }
        encoder.writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer(string: text))), promise: nil)
    }
}

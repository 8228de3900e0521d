import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server on a port of its own that gives the answers of a script, one after the other and the last one for ever, and keeps what it received.
final class ScriptedAPI: Sendable {
    struct Received: Sendable {
        var method: String
        var target: String
        var headers: [(name: String, value: String)]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
    }

    enum Answer: Sendable {
        case status(Int, headers: [(String, String)] = [], body: String = "")
        /// Accepts the request and says nothing.
        case silence
        /// A status, then a body without an end, as fast as the connection takes it.
        case endless(status: Int)
        /// A status, the promise of so many bytes, half of a body, and then the connection is closed.
        case cut(status: Int, promised: Int)
        /// Closes the connection instead of answering.
        case hangUp
        /// Something that is not HTTP.
        case garbage

        static func json(_ body: String) -> Answer { .status(200, headers: [("Content-Type", "application/json")], body: body) }

        static func limited(_ status: Int, remaining: Int, rate: Int, capacity: Int, body: String = "{}") -> Answer {
            let headers = [
                ("X-RateLimit-Remaining", "\(remaining)"), ("X-RateLimit-Replenish-Rate", "\(rate)"), ("X-RateLimit-Burst-Capacity", "\(capacity)"),
                ("X-RateLimit-Requested-Tokens", "1"),
            ]
            return .status(status, headers: headers, body: body)
        }
    }

    let port: Int
    private let channel: any Channel
    private let log: Log

    /// What has been received so far, in order.
    var received: [Received] { log.received.withLock { $0 } }
    /// One element for each request, as it comes.
    var arrivals: AsyncStream<Void> { log.arrivals }
    var url: String { "http://127.0.0.1:\(port)" }

    private final class Log: Sendable {
        let received = Mutex<[Received]>([])
        let script: [Answer]
        let arrivals: AsyncStream<Void>
        private let arrival: AsyncStream<Void>.Continuation

        init(_ script: [Answer]) {
            self.script = script
            (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        }

        func answer(to request: Received) -> Answer {
            let index = received.withLock {
                $0.append(request)
                return $0.count - 1
            }
            arrival.yield(())
            return script.isEmpty ? .status(500) : script[min(index, script.count - 1)]
        }
    }

    static func start(_ script: [Answer]) async throws -> ScriptedAPI {
        let log = Log(script)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(Handler(log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedAPI(channel: channel, log: log)
    }

    private init(channel: any Channel, log: Log) {
        self.channel = channel
        self.log = log
        port = channel.localAddress?.port ?? 0
    }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let log: Log
        private var request: Received?
        private var isEndless = false

        init(log: Log) { self.log = log }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                request = Received(method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) }, body: [])
            case .body(let buffer):
                request?.body.append(contentsOf: buffer.readableBytesView)
            case .end:
                guard let request else { return }
                reply(log.answer(to: request), context)
            }
        }

        func channelInactive(context: ChannelHandlerContext) { isEndless = false }

        func channelWritabilityChanged(context: ChannelHandlerContext) { pour(context) }

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
            case .cut(let code, let promised):
                head(code, [("Content-Length", "\(promised)")], context)
                let channel = context.channel
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "{\"id\":"))))).whenComplete { _ in channel.close(promise: nil) }
            case .hangUp:
                context.close(promise: nil)
            case .garbage:
                // Past the encoder: straight to the socket.
                guard let encoder = try? context.channel.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self) else { return }
                encoder.writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer(string: "SSH-2.0-OpenSSH_9.2\r\n\r\n"))), promise: nil)
            }
        }

        private func head(_ code: Int, _ headers: [(String, String)], _ context: ChannelHandlerContext) {
            let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: code), headers: HTTPHeaders(headers))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
        }

        private func pour(_ context: ChannelHandlerContext) {
            let chunk = ByteBuffer(repeating: 0x78, count: 8192)
            while isEndless, context.channel.isWritable { context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(chunk))), promise: nil) }
        }
    }
}

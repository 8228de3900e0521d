import NIOCore
import NIOHTTP1
import NIOPosix
import PaymentCore

/// A client of the operator API that sends every target exactly as it is written, each on a connection of its own.
struct APIClient: Sendable {
    enum Place: Sendable {
        case socket(String)
        case port(Int)
    }

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        func header(_ name: String) -> String? { headers.first(name: name) }
        var json: JSONValue? { try? JSONDocument.parse(body).root }

        /// The rows of a list.
        var rows: [JSONValue] { json?["data"]?.elements ?? [] }
        /// A member of each row of a list.
        func column(_ name: String) -> [String] { rows.map { $0[name]?.string ?? $0[name]?.numberText ?? "-" } }
    }

    struct Ended: Error {}

    let place: Place
    /// Sent with every request.
    var headers: [(String, String)] = []

    func get(_ target: String) async throws -> Answer { try await call(.GET, target) }
    func post(_ target: String, _ body: String) async throws -> Answer { try await post(target, Array(body.utf8)) }
    func post(_ target: String, _ body: [UInt8]) async throws -> Answer { try await call(.POST, target, body) }

    func call(_ method: HTTPMethod, _ target: String, _ body: [UInt8]? = nil) async throws -> Answer {
        let fields = HTTPHeaders([("Host", "localhost"), ("Connection", "close")] + headers + (body.map { [("Content-Length", "\($0.count)")] } ?? []))
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: fields)
        let channel = try await connect()
        let answer = try await channel.pipeline.handler(type: Collector.self).map { $0.answer }.get()
        try? await channel.writeAndFlush(Request(head: head, body: body)).get()
        return try await answer.get()
    }

    private func connect() async throws -> any Channel {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                try channel.pipeline.syncOperations.addHandler(Collector(channel.eventLoop.makePromise()))
            }
        }
        return switch place {
        case .socket(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
        case .port(let port): try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        }
    }

    private struct Request: Sendable {
        var head: HTTPRequestHead
        var body: [UInt8]?
    }

    private final class Collector: ChannelDuplexHandler {
        typealias InboundIn = HTTPClientResponsePart
        typealias OutboundIn = Request
        typealias OutboundOut = HTTPClientRequestPart

        private let promise: EventLoopPromise<Answer>
        private var received: Answer?

        var answer: EventLoopFuture<Answer> { promise.futureResult }

        init(_ promise: EventLoopPromise<Answer>) { self.promise = promise }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            let request = unwrapOutboundIn(data)
            context.write(wrapOutboundOut(.head(request.head)), promise: nil)
            if let body = request.body { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil) }
            context.write(wrapOutboundOut(.end(nil)), promise: promise)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): received = Answer(status: Int(head.status.code), headers: head.headers, body: [])
            case .body(let buffer): received?.body.append(contentsOf: buffer.readableBytesView)
            case .end:
                if let received { promise.succeed(received) }
                context.close(promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            promise.fail(error)
            context.close(promise: nil)
        }

        /// Also when there never was a connection.
        func handlerRemoved(context: ChannelHandlerContext) { promise.fail(Ended()) }
    }
}

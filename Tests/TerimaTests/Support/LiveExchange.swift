import NIOCore
import NIOHTTP1
import NIOPosix

/// A request whose answer is read as it comes, and which can be left at any time.
struct LiveExchange: Sendable {
    /// One server-sent event.
    struct Event: Sendable, Equatable {
        var id: String?
        var event: String?
        var data: String?
    }

    let head: HTTPResponseHead
    /// The lines of the body; ends with the answer.
    let lines: AsyncStream<String>
    /// Fulfilled with whether the answer came to its end, when the connection has ended.
    let ended: EventLoopFuture<Bool>
    private let channel: any Channel

    /// Sends the request and returns when the answer begins.
    static func open(_ client: APIClient, _ target: String, headers: [(String, String)] = []) async throws -> LiveExchange {
        let (channel, head, lines, ended) = try await send(client, target, headers)
        return LiveExchange(head: try await head.get(), lines: lines, ended: ended, channel: channel)
    }

    /// Sends the request and calls `body` while the answer is awaited, then leaves.
    static func leave(_ client: APIClient, _ target: String, after body: () async throws -> Void) async throws {
        let (channel, _, _, _) = try await send(client, target, [])
        try await body()
        try await channel.close()
    }

    /// Sends the request, reads no more after the first 10,000 bytes of the answer, and then calls `body`.
    static func ignoring(_ client: APIClient, _ target: String, while body: () async throws -> Void) async throws {
        let (channel, _, lines, _) = try await send(client, target, [], mostBytes: 10_000)
        for await line in lines where line == Collector.hasEnough { break }
        try await body()
        try? await channel.close()
    }

    func close() async throws { try await channel.close() }

    /// The next line of the body; nil at its end.
    func line() async -> String? { await lines.first { _ in true } }

    /// The next block up to an empty line, comments left out; nil when the answer ended.
    func event() async -> Event? {
        var event = Event()
        for await line in lines {
            if line.isEmpty { return event }
            if let value = line.value(of: "id") { event.id = value }
            if let value = line.value(of: "event") { event.event = value }
            if let value = line.value(of: "data") { event.data = value }
        }
        return nil
    }

    private typealias Sent = (channel: any Channel, head: EventLoopFuture<HTTPResponseHead>, lines: AsyncStream<String>, ended: EventLoopFuture<Bool>)

    private static func send(_ client: APIClient, _ target: String, _ headers: [(String, String)], mostBytes: Int = .max) async throws -> Sent {
        let (lines, report) = AsyncStream.makeStream(of: String.self)
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.socketOption(.so_rcvbuf), value: 65_536)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(
                        Collector(channel.eventLoop.makePromise(), channel.eventLoop.makePromise(), report, mostBytes))
                }
            }
        let channel: any Channel =
            switch client.place {
            case .socket(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
            case .port(let port): try await bootstrap.connect(host: "127.0.0.1", port: port).get()
            }
        let (head, ended) = try await channel.pipeline.handler(type: Collector.self).map { ($0.head.futureResult, $0.ended.futureResult) }.get()
        let fields = HTTPHeaders([("Host", "localhost")] + client.headers + headers)
        try await channel.writeAndFlush(HTTPRequestHead(version: .http1_1, method: .GET, uri: target, headers: fields)).get()
        return (channel, head, lines, ended)
    }

    private final class Collector: ChannelDuplexHandler {
        typealias InboundIn = HTTPClientResponsePart
        typealias OutboundIn = HTTPRequestHead
        typealias OutboundOut = HTTPClientRequestPart

        /// Stands in `lines` where the client stopped reading.
        static let hasEnough = "(enough)"

        let head: EventLoopPromise<HTTPResponseHead>
        let ended: EventLoopPromise<Bool>
        private let report: AsyncStream<String>.Continuation
        private var rest = ByteBuffer()
        private var isComplete = false
        private var room: Int

        init(_ head: EventLoopPromise<HTTPResponseHead>, _ ended: EventLoopPromise<Bool>, _ report: AsyncStream<String>.Continuation, _ mostBytes: Int) {
            (self.head, self.ended, self.report, room) = (head, ended, report, mostBytes)
        }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            context.write(wrapOutboundOut(.head(unwrapOutboundIn(data))), promise: nil)
            context.write(wrapOutboundOut(.end(nil)), promise: promise)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head.succeed(head)
            case .body(let buffer):
                room -= buffer.readableBytes
                if room <= 0 {
                    context.channel.setOption(.autoRead, value: false).whenComplete { [report] _ in report.yield(Self.hasEnough) }
                }
                rest.writeImmutableBuffer(buffer)
                while let end = rest.readableBytesView.firstIndex(of: 0x0A), let line = rest.readString(length: end - rest.readerIndex) {
                    rest.moveReaderIndex(forwardBy: 1)
                    report.yield(line)
                }
            case .end:
                isComplete = true
                report.finish()
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func handlerRemoved(context: ChannelHandlerContext) {
            head.fail(APIClient.Ended())
            ended.succeed(isComplete)
            report.finish()
        }
    }
}

extension String {
    fileprivate func value(of field: String) -> String? { hasPrefix(field + ": ") ? String(dropFirst(field.count + 2)) : nil }
}

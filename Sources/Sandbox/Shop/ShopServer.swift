import NIOCore
import NIOHTTP1
import NIOPosix
import PaymentCore

/// The shop's HTTP side: takes `POST` on any path and answers as `Shop` decides.
struct ShopServer {
    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    /// Notifications are a few kilobytes; more than this is refused.
    private static let maximumBodyBytes = 1 << 20

    private let listener: NIOAsyncChannel<Connection, Never>
    private let shop: Shop
    private let latencyMilliseconds: Int64

    /// Binds; connections are served once `run` is called.
    /// - Throws: `SandboxError` when the address cannot be bound.
    init(host: String, port: Int, shop: Shop, latencyMilliseconds: Int64 = 0) async throws(SandboxError) {
        do {
            listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                        return try Connection(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw SandboxError("\(host):\(port) cannot be listened on: \(error).")
        }
        self.shop = shop
        self.latencyMilliseconds = latencyMilliseconds
    }

    /// The bound address as `host:port`.
    var address: String {
        guard let address = listener.channel.localAddress, let host = address.ipAddress, let port = address.port else { return "" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Serves until the task is cancelled.
    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { connections in
                for try await connection in connections {
                    // A connection that breaks is the other side's affair.
                    group.addTask { try? await serve(connection) }
                }
            }
        }
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var head: HTTPRequestHead?
            var body: [UInt8] = []
            for try await part in inbound {
                switch part {
                case .head(let received):
                    head = received
                    body = []
                case .body(let bytes):
                    body += bytes.readableBytesView
                    guard body.count <= Self.maximumBodyBytes else { return try await write(Answer(413, error: "too_large"), isLast: true, to: outbound) }
                case .end:
                    guard let request = head else { continue }
                    try await write(await answer(request, body), isLast: !request.isKeepAlive, to: outbound)
                    if !request.isKeepAlive { return }
                }
            }
        }
    }

    private struct Answer {
        var status: Int
        var member: (key: String, value: String)

        init(_ status: Int, status word: String) { (self.status, member) = (status, ("status", word)) }
        init(_ status: Int, error code: String) { (self.status, member) = (status, ("error", code)) }
    }

    private func answer(_ head: HTTPRequestHead, _ body: [UInt8]) async -> Answer {
        guard head.method == .POST else { return Answer(405, error: "method_not_allowed") }
        let request = Shop.Request(
            ids: head.headers["webhook-id"], timestamps: head.headers["webhook-timestamp"], signatures: head.headers["webhook-signature"], body: body)
        if latencyMilliseconds > 0 { try? await Task.sleep(for: .milliseconds(latencyMilliseconds)) }
        do {
            let event = try await shop.receive(request)
            return event.decision.error.map { Answer(event.status, error: $0) } ?? Answer(event.status, status: event.decision.word)
        } catch {
            Console.note("\(error)")
            return Answer(500, error: "cannot_remember")
        }
    }

    private func write(_ answer: Answer, isLast: Bool, to outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>) async throws {
        var writer = JSONWriter()
        writer.object { $0.member(answer.member.key, answer.member.value) }
        var headers: HTTPHeaders = ["Content-Type": "application/json", "Content-Length": String(writer.bytes.count)]
        if answer.status == 405 { headers.add(name: "Allow", value: "POST") }
        if isLast { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
        try await outbound.write(contentsOf: [.head(head), .body(.byteBuffer(ByteBuffer(bytes: writer.bytes))), .end(nil)])
    }
}

import NIOCore
import NIOPosix
import NIOSSL

/// A client that sends exactly the bytes it is given and reads answers one by one, so that tests can be as rude as real clients are.
struct RawClient {
    private let channel: any Channel
    private var arriving: AsyncThrowingStream<ByteBuffer, any Error>.Iterator
    private var received = ByteBuffer()

    struct Answer: Equatable {
        var status: Int
        /// Names in lower case.
        var fields: [String: String]
        var body: String
        var closes: Bool { fields["connection"] == "close" }
    }

    struct Unexpected: Error, CustomStringConvertible {
        var description: String
    }

    /// - Parameter closesWithServer: false leaves the connection half open when the server has said its last word.
    /// - Parameter encryption: speaks TLS, to `localhost`.
    init(port: Int, closesWithServer: Bool = true, encryption: NIOSSLContext? = nil) async throws {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: ByteBuffer.self, throwing: (any Error).self)
        channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let encryption {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: encryption, serverHostname: "localhost"))
                    }
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
            .channelOption(.allowRemoteHalfClosure, value: !closesWithServer)
            .connect(host: "127.0.0.1", port: port).get()
        arriving = stream.makeAsyncIterator()
    }

    /// Once an answer has come.
    var serverCertificate: NIOSSLCertificate? { get async throws { try await channel.nioSSL_peerCertificate().get() } }
    var version: TLSVersion? { get async throws { try await channel.nioSSL_tlsVersion().get() } }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Says that no more is coming, but goes on reading.
    func sendEnd() async throws { try await channel.close(mode: .output).get() }

    /// Ends the connection beneath TLS in our direction, as if it had been cut.
    func cut() async throws {
        try await channel.eventLoop.submit { [channel] in
            try channel.pipeline.syncOperations.context(handlerType: NIOSSLHandler.self).close(mode: .output, promise: nil)
        }.get()
    }

    /// Closes the connection if the server has not done so.
    func close() async throws {
        do { try await channel.close().get() } catch ChannelError.alreadyClosed {}
    }

    /// The next answer, whole. - Parameter withoutBody: it answers HEAD.
    mutating func answer(withoutBody: Bool = false) async throws -> Answer {
        let lines = try await head().split(separator: "\r\n").map(String.init)
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else { throw Unexpected(description: "\(lines)") }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw Unexpected(description: line) }
            let name = line[..<colon].lowercased()
            guard fields[name] == nil else { throw Unexpected(description: "doubled \(name)") }
            fields[name] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let length = withoutBody ? 0 : Int(fields["content-length"] ?? "0") ?? 0
        while received.readableBytes < length { try await more() }
        return Answer(status: status, fields: fields, body: received.readString(length: length) ?? "")
    }

    /// Waits for the server to end the connection. - Returns: what came before that and was not read as an answer.
    mutating func end() async throws -> String {
        while let bytes = try await arriving.next() { received.writeImmutableBuffer(bytes) }
        return String(buffer: received)
    }

    private mutating func head() async throws -> String {
        while true {
            let bytes = received.readableBytesView
            if let end = bytes.indices.first(where: { bytes[$0...].starts(with: "\r\n\r\n".utf8) }) {
                let head = received.readString(length: end - bytes.startIndex) ?? ""
                received.moveReaderIndex(forwardBy: 4)
                return head
            }
            try await more()
        }
    }

    private mutating func more() async throws {
        guard let bytes = try await arriving.next() else { throw Unexpected(description: "ended after \(String(buffer: received))") }
        received.writeImmutableBuffer(bytes)
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let continuation: AsyncThrowingStream<ByteBuffer, any Error>.Continuation

        init(_ continuation: AsyncThrowingStream<ByteBuffer, any Error>.Continuation) { self.continuation = continuation }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { continuation.yield(unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            continuation.finish(throwing: error)
            context.close(promise: nil)
        }
    }
}

import NIOCore
import NIOPosix

/// Exactly these bytes on a Unix socket, and everything that comes back until the other side ends.
enum RawExchange {
    static func with(socketPath: String, sending text: String) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Collector(channel.eventLoop.makePromise())) }
            }
            .connect(unixDomainSocketPath: socketPath).get()
        let received = try await channel.pipeline.handler(type: Collector.self).map { $0.promise.futureResult }.get()
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
        return try await received.get()
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        let promise: EventLoopPromise<String>
        private var received = ByteBuffer()

        init(_ promise: EventLoopPromise<String>) { self.promise = promise }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { received.writeImmutableBuffer(unwrapInboundIn(data)) }
        func handlerRemoved(context: ChannelHandlerContext) { promise.succeed(String(buffer: received)) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

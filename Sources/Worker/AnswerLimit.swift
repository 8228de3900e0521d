import NIOCore

/// Counts what a connection receives for one request, as bytes and before anything is parsed, and gives the connection up when it is too much.
///
/// The client's own bounds are on fields and heads: it would read interim answers (1xx), the extensions of chunks and trailers until the deadline.
final class AnswerLimit: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// There was no end to the answer.
    struct Exceeded: Error {}

    private let maximumBytes: Int
    private var bytes = 0

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// A request begins, or goes on. It is written in a few parts, so that an answer does not come between them for long.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        bytes = 0
        context.write(data, promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard bytes <= maximumBytes else { return }
        bytes += min(unwrapInboundIn(data).readableBytes, maximumBytes + 1)
        guard bytes > maximumBytes else { return context.fireChannelRead(data) }
        context.fireErrorCaught(Exceeded())
        context.close(promise: nil)
    }
}

import NIOCore

/// Ends requests that send too much beside their content: line ends, spaces, chunk sizes and extensions, trailers. The parser bounds the names and values that it
/// hands on; what it reads over it does not count, and spaces before a value it even keeps.
///
/// Stands before the parser and counts whole reads, less the content that the parser made of them. Of a read in which another request ended nothing is counted, so
/// a request may exceed the bound by less than one read (`RequestLimits.largestReadBytes`).
final class RequestOverhead: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Fired down the pipeline when a request has too much; the receiver answers 431 and closes.
    struct Exceeded: Sendable {}

    private let maximum: Int
    /// Bytes of the request that is arriving which are no content.
    private var bytes = 0
    /// What the parser has made of the present read.
    private var contentBytes = 0
    private var hasEndedRequest = false

    init(limits: RequestLimits) {
        maximum = limits.maximumOverheadBytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let arrived = unwrapInboundIn(data).readableBytes
        (contentBytes, hasEndedRequest) = (0, false)
        context.fireChannelRead(data)
        bytes = hasEndedRequest ? 0 : bytes + arrived - contentBytes
        if bytes > maximum { context.fireUserInboundEventTriggered(Exceeded()) }
    }

    /// Part of a body is here.
    func contentArrived(_ count: Int) { contentBytes += count }

    func requestEnded() { hasEndedRequest = true }
}

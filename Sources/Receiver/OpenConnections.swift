import NIOCore

/// The connections there are: accepts no more than the limit, and ends them all in good order. Sits first on the listening channel and lives on its event loop.
final class OpenConnections: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private let maximum: Int
    private var open: [ObjectIdentifier: any Channel] = [:]
    /// The channel wants to accept while there are as many connections as there may be.
    private var isAcceptHeld = false
    private var drained: EventLoopPromise<Void>?
    private var patience: Scheduled<Void>?

    init(maximum: Int) {
        self.maximum = maximum
    }

    var count: Int { open.count }

    func read(context: ChannelHandlerContext) {
        isAcceptHeld = open.count >= maximum
        if !isAcceptHeld { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let connection = unwrapInboundIn(data)
        let id = ObjectIdentifier(connection)
        open[id] = connection
        connection.closeFuture.hop(to: context.eventLoop).assumeIsolated().whenComplete { _ in self.closed(id, context) }
        context.fireChannelRead(data)
    }

    private func closed(_ id: ObjectIdentifier, _ context: ChannelHandlerContext) {
        open[id] = nil
        if isAcceptHeld, open.count < maximum {
            isAcceptHeld = false
            context.read()
        }
        if open.isEmpty { finish() }
    }

    /// Tells every connection to end after the request under way; those that have not ended after `grace` are closed. To be called once the listener is closed.
    func drain(within grace: TimeAmount, on loop: any EventLoop) -> EventLoopFuture<Void> {
        if let drained { return drained.futureResult }
        let drained = loop.makePromise(of: Void.self)
        self.drained = drained
        patience = loop.assumeIsolated().scheduleTask(in: grace) {
            for connection in self.open.values { connection.close(promise: nil) }
        }
        for connection in open.values {
            // On the connection's own loop, behind the set-up of one just accepted.
            connection.eventLoop.execute { connection.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        }
        if open.isEmpty { finish() }
        return drained.futureResult
    }

    private func finish() {
        guard let drained else { return }
        patience?.cancel()
        patience = nil
        drained.succeed()
    }
}

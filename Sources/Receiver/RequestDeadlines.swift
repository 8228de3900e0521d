import NIOCore
import NIOTLS

/// Ends connections whose client is too slow, or that send on after the last answer. First in the pipeline but for TLS, because time is counted on bytes: a header
/// that never ends is no request to the parser.
///
/// One timer a connection: it is moved only when a deadline comes nearer, else it wakes, sees that there is time left, and goes back to sleep.
final class RequestDeadlines: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Fired down the pipeline when a request did not arrive in time; the receiver answers 408 and closes.
    struct RequestExpired: Sendable {}

    /// Fired when the store has not been done with a request in time.
    struct AnswerOverdue: Sendable {}

    private(set) var clock: RequestClock
    private var timer: (task: Scheduled<Void>, due: NIODeadline)?
    private var context: ChannelHandlerContext?
    /// Bytes that may still be thrown away before the connection ends.
    private var drainableBytes: Int

    init(limits: RequestLimits, now: NIODeadline, isEncrypted: Bool = false) {
        drainableBytes = limits.maximumDrainBytes
        clock = RequestClock(limits: limits, now: now, isEncrypted: isEncrypted)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        arm()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.task.cancel()
        timer = nil
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if clock.phase == .lingering { return drain(unwrapInboundIn(data).readableBytes, context) }
        clock.bytesArrived(at: context.eventLoop.now)
        arm()
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            clock.handshakeEnded(at: context.eventLoop.now)
            arm()
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// A header is complete.
    func headEnded() {
        guard let context else { return }
        clock.headEnded(at: context.eventLoop.now)
        arm()
    }

    /// A request is complete and waits for its answer.
    func requestEnded() {
        guard let context else { return }
        clock.requestEnded(at: context.eventLoop.now)
        arm()
    }

    /// An answer went out; the oldest request that still waits came then.
    func answersAwaited(since time: NIODeadline) { clock.answersAwaited(since: time) }

    /// Every request so far has been answered.
    func allAnswered() {
        guard let context, clock.isAnswering else { return }
        clock.allAnswered(at: context.eventLoop.now)
        arm()
    }

    /// The last answer is on its way: from here on bytes are thrown away, and soon the connection with them.
    func linger() {
        guard let context else { return }
        clock.linger(from: context.eventLoop.now)
        arm()
    }

    /// Ends the connection before another read could take it over the bound.
    private func drain(_ bytes: Int, _ context: ChannelHandlerContext) {
        drainableBytes -= bytes
        if drainableBytes < RequestLimits.largestReadBytes { context.close(promise: nil) }
    }

    private func arm() {
        guard let context else { return }
        let due = clock.deadline
        if let timer {
            guard due < timer.due else { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { self.wake() }
        timer = (task, due)
    }

    private func wake() {
        timer = nil
        guard let context else { return }
        guard clock.deadline <= context.eventLoop.now else { return arm() }
        switch clock.phase {
        case .lingering: context.close(promise: nil)
        case _ where clock.isAnswering: context.fireUserInboundEventTriggered(AnswerOverdue())
        case .head, .body: context.fireUserInboundEventTriggered(RequestExpired())
        case .handshake, .idle: context.close(promise: nil)
        }
    }
}

import EventStore
import NIOCore
import NIOHTTP1
import NIOSSL
import PaymentCore

/// The way of a webhook through one connection: collect, verify, append, answer.
///
/// Everything here runs on the connection's event loop. Only the store's completion comes from elsewhere and hops back; by then the event is committed, and the
/// connection may be gone.
final class ReceiveWebhook: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// What the next part of a request means.
    private enum Reading {
        /// Nothing was begun. Left by a head.
        case betweenRequests
        /// A webhook's body is collected. Left by its end, or by a refusal.
        case webhook(Request)
        /// A request without a body whose answer is known. Left by its end.
        case bodyless(Request, ReceiverAnswer)
        /// The last request of this connection is here; whatever still arrives means nothing.
        case nothing
    }

    private struct Request {
        /// The client wants no further answer on this connection, or will get none.
        var closes: Bool
        var withoutBody: Bool
    }

    private let reception: Reception
    private let deadlines: RequestDeadlines
    private let overhead: RequestOverhead
    private let outcomes: OutcomeMailbox
    private var reading = Reading.betweenRequests
    private var body: [UInt8] = []
    private var signatures = SignatureHeaders(current: [], legacy: [])
    /// `X-Forwarded-For` of the request that is read, where it may matter.
    private var forwarded: [String] = []
    private var answers = AnswerQueue()
    private var context: ChannelHandlerContext?
    private var isQuiescing = false
    /// Answers were written during this read; they are flushed together at its end.
    private var hasUnflushedAnswers = false
    /// The channel asked for more bytes while it should not have any.
    private var isReadHeld = false

    /// - Parameter outcomes: of the event loop that the connection lives on.
    init(reception: Reception, deadlines: RequestDeadlines, overhead: RequestOverhead, outcomes: OutcomeMailbox) {
        self.reception = reception
        self.deadlines = deadlines
        self.overhead = overhead
        self.outcomes = outcomes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let bytes):
            overhead.contentArrived(bytes.readableBytes)
            collect(bytes, context)
        case .end:
            overhead.requestEnded()
            end(context)
        }
    }

    // MARK: Collect

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .betweenRequests = reading else { return }
        deadlines.headEnded()
        let fields = RequestFields(head.headers, keepsForwarded: !reception.proxies.isEmpty)
        forwarded = fields.forwarded
        // After an upgrade that we do not take the parser reads no further, so such a connection ends as well.
        let isLast = !head.isKeepAlive || head.version != .http1_1 || fields.asksUpgrade || head.method == .CONNECT
        let request = Request(closes: isLast, withoutBody: head.method == .HEAD)
        // Whoever passed this on may have read another end of it.
        guard fields.haveOneFraming(in: head.version) else { return endWith(.refused(.badRequest), withoutBody: request.withoutBody, context) }
        switch Admission.decide(head, fields: fields, maximumBodyBytes: reception.limits.maximumBodyBytes) {
        case .read:
            signatures = fields.signatures
            // Not more than an ordinary body: the length is only a promise yet.
            body.reserveCapacity(min(fields.contentLength ?? 0, 16 * 1024))
            reading = .webhook(request)
            if fields.expectsContinue, head.version == .http1_1 { goOn(context) }
        case .health:
            decided(ReceiverAnswer(reception.store.health), request, fields, context)
        case .answer(let answer):
            decided(answer, request, fields, context)
        }
    }

    private func decided(_ answer: ReceiverAnswer, _ request: Request, _ fields: RequestFields, _ context: ChannelHandlerContext) {
        if fields.announcesBody {
            endWith(answer, withoutBody: request.withoutBody, context)
        } else {
            reading = .bodyless(request, answer)
        }
    }

    /// The client waits for our word before it sends the body (RFC 9110 section 10.1.1).
    private func goOn(_ context: ChannelHandlerContext) {
        _ = answers.append(.goOn, closes: false, at: context.eventLoop.now)
        writeAnswers(context)
    }

    private func collect(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .webhook = reading else { return }
        guard bytes.readableBytes <= reception.limits.maximumBodyBytes - body.count else {
            return endWith(.refused(.bodyTooLarge), context)
        }
        guard reception.bodyMemory.grow(from: body.count, to: body.count + bytes.readableBytes) else {
            return endWith(.refused(.overloaded), context)
        }
        body.append(contentsOf: bytes.readableBytesView)
    }

    private func end(_ context: ChannelHandlerContext) {
        switch reading {
        case .webhook(let request):
            let ticket = answers.append(closes: isLast(request), at: context.eventLoop.now)
            receive(ticket, context)
        case .bodyless(let request, let answer):
            reception.count(answer, from: source(context))
            _ = answers.append(answer, closes: isLast(request), withoutBody: request.withoutBody, at: context.eventLoop.now)
            writeAnswers(context)
        case .betweenRequests, .nothing:
            break
        }
    }

    private func dropBody() {
        reception.bodyMemory.release(body.count)
        body = []
    }

    /// A request is complete. Decides whether another may follow on this connection.
    private func isLast(_ request: Request) -> Bool {
        let isLast = request.closes || isQuiescing
        reading = isLast ? .nothing : .betweenRequests
        deadlines.requestEnded()
        return isLast
    }

    // MARK: Verify and append

    private func receive(_ ticket: AnswerQueue.Ticket, _ context: ChannelHandlerContext) {
        let body = self.body
        dropBody()
        let now = reception.now()
        let verification = reception.currentVerification
        switch verification.verifier.verify(body: body, headers: signatures, now: now) {
        case .success(let signature): verification.uses.note(signature.secretIndex, at: now)
        case .failure(let failure): return answer(.refused(Refusal(failure)), ticket, from: source(context))
        }
        let event = EventDecoder.decode(body: body, receivedAt: now)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        reception.store.append(event) { [outcomes] outcome in
            outcomes.post(.init(handler: handler, ticket: ticket, outcome: outcome))
        }
    }

    /// The store is done with the request of this ticket. `flush` comes after.
    func stored(_ outcome: AppendOutcome, _ ticket: AnswerQueue.Ticket) { answer(ReceiverAnswer(outcome), ticket) }

    // MARK: Answer

    /// - Parameter source: where the request came from; nil where it is none of its sender's doing.
    private func answer(_ answer: ReceiverAnswer, _ ticket: AnswerQueue.Ticket, from source: @autoclosure () -> String? = nil) {
        // What was answered when its time was over is counted as that.
        guard answers.fill(ticket, with: answer) else { return }
        reception.count(answer, from: source())
        if let context { writeAnswers(context) }
    }

    /// The store is too slow. Whether the events will be stored is not known yet, which is what 503 means; the sender's repeat finds out.
    private func answerOverdue(_ context: ChannelHandlerContext) {
        for _ in 0..<answers.fillRest(with: .refused(.storageUnavailable)) { reception.count(.refused(.storageUnavailable)) }
        writeAnswers(context)
        flush()
    }

    /// Answers a request of which nothing more is read; the connection ends with it.
    private func endWith(_ answer: ReceiverAnswer, withoutBody: Bool = false, _ context: ChannelHandlerContext) {
        reading = .nothing
        dropBody()
        reception.count(answer, from: source(context))
        _ = answers.append(answer, closes: true, withoutBody: withoutBody, at: context.eventLoop.now)
        writeAnswers(context)
    }

    /// Where the request that is read came from, for the log of refusals.
    private func source(_ context: ChannelHandlerContext) -> String? {
        reception.proxies.source(peer: context.channel.remoteAddress, forwarded: forwarded)
    }

    /// Writes what is known, in the order of the requests, and comes to an end when that is due.
    private func writeAnswers(_ context: ChannelHandlerContext) {
        while let (answer, slot) = answers.next() {
            let bytes = wrapOutboundOut(answer.bytes(closing: slot.closes, withoutBody: slot.withoutBody))
            guard !slot.closes else { return writeLast(bytes, context) }
            context.write(bytes, promise: nil)
            hasUnflushedAnswers = true
        }
        if let oldest = answers.oldest { deadlines.answersAwaited(since: oldest) } else { deadlines.allAnswered() }
        resumeReading(context)
    }

    /// The rest of what the client sends is drained for a moment: closing at once with bytes unread would reset the connection, and the client might never see
    /// the answer (RFC 9112 section 9.6).
    private func writeLast(_ bytes: NIOAny, _ context: ChannelHandlerContext) {
        reading = .nothing
        answers.removeAll()
        hasUnflushedAnswers = false
        deadlines.linger()
        context.writeAndFlush(bytes, promise: nil)
        context.close(mode: .output, promise: nil)
        resumeReading(context)
    }

    func flush() {
        guard hasUnflushedAnswers, let context else { return }
        hasUnflushedAnswers = false
        context.flush()
    }
}

// MARK: The connection

extension ReceiveWebhook {
    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        resumeReading(context)
        context.fireChannelWritabilityChanged()
    }

    func read(context: ChannelHandlerContext) {
        isReadHeld = true
        resumeReading(context)
    }

    /// Lets the channel read on unless its client owes us patience, because too many requests wait for the store, or is not taking its answers. What comes after
    /// the last request is left in the socket until that is answered, and then drained.
    private func resumeReading(_ context: ChannelHandlerContext) {
        guard isReadHeld, answers.count < reception.limits.maximumUnanswered, context.channel.isWritable else { return }
        if case .nothing = reading, deadlines.clock.phase != .lingering { return }
        isReadHeld = false
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is RequestDeadlines.AnswerOverdue:
            answerOverdue(context)
        case is RequestDeadlines.RequestExpired:
            endUnfinished(.requestTimeout, context)
        case is RequestOverhead.Exceeded:
            endUnfinished(.headersTooLarge, context)
        case is ChannelShouldQuiesceEvent:
            isQuiescing = true
            // What has begun to arrive is read to its end and is then the last.
            guard answers.isEmpty else { return endUnlessReceiving(context) }
            // Nor is one turned away that is on its way already: whoever has just connected, or has just got an answer, may have sent it.
            context.eventLoop.assumeIsolated().scheduleTask(in: reception.limits.partingTimeout) { self.context.map(self.endUnlessReceiving) }
        case ChannelEvent.inputClosed:
            // A client that has said all it has to say still gets its answers.
            endAfterAnswers(context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow: endUnfinished(.headersTooLarge, context)
        case is HTTPParserError: endUnfinished(.badRequest, context)
        case is ByteToMessageDecoderError: break
        // The client ended without TLS's goodbye. HTTP tells by itself what is whole; the end comes as an event of its own.
        case NIOSSLError.uncleanShutdown: break
        case NIOSSLError.handshakeFailed(let reason):
            // Who only looks whether the port is open is no failure.
            if reason != .sslError([.eofDuringHandshake]) { reception.count(.refused(.tlsHandshakeFailed), from: source(context)) }
            context.close(promise: nil)
        default: context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        reading = .nothing
        dropBody()
        answers.removeAll()
        context.fireChannelInactive()
    }

    private func endUnlessReceiving(_ context: ChannelHandlerContext) {
        if !deadlines.clock.isReceiving, deadlines.clock.phase != .lingering { endAfterAnswers(context) }
    }

    /// Reads nothing more; the connection ends with the last answer that is awaited, or at once.
    private func endAfterAnswers(_ context: ChannelHandlerContext) {
        reading = .nothing
        dropBody()
        answers.isEmpty ? context.close(promise: nil) : answers.closeAfterLast()
    }

    /// Ends a connection whose request cannot be read to its end, unless it is ending anyway.
    private func endUnfinished(_ refusal: Refusal, _ context: ChannelHandlerContext) {
        if case .nothing = reading { return }
        endWith(.refused(refusal), context)
        flush()
    }
}

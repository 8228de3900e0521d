internal import PaymentCore
import Synchronization

/// The stand-in's state behind a lock, with a bell that rings when there may be something to do.
final class ProviderDesk: Sendable {
    private let state: Mutex<ProviderState>
    private let now: @Sendable () -> Instant
    private let latencyMilliseconds: Int64
    /// Called for every request that was answered.
    private let onRequest: @Sendable (RequestRecord) -> Void
    /// Rings after every change; rings that nobody has heard yet are one.
    let bell: AsyncStream<Void>
    private let rope: AsyncStream<Void>.Continuation

    init(_ settings: ProviderSettings, now: @escaping @Sendable () -> Instant, onRequest: @escaping @Sendable (RequestRecord) -> Void = { _ in }) {
        self.now = now
        self.onRequest = onRequest
        latencyMilliseconds = settings.latencyMilliseconds
        state = Mutex(ProviderState(settings, at: now()))
        (bell, rope) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var time: Instant { now() }

    func ring() { rope.yield() }

    /// Answers a request, after the latency that was asked for.
    func answer(_ request: APIRequest) async -> APIAnswer {
        let answer: APIAnswer
        let record: RequestRecord
        switch state.withLock({ $0.admit(request, at: now()) }) {
        case .answered(let done, let logged): (answer, record) = (done, logged)
        case .admitted(let ticket):
            // What was let in is done even when the client has gone away: only so is its key free again.
            if latencyMilliseconds > 0, request.path.first == "v1" { try? await Task.sleep(for: .milliseconds(latencyMilliseconds)) }
            (answer, record) = state.withLock { $0.perform(ticket, at: now()) }
            ring()
        }
        onRequest(record)
        return answer
    }

    /// What is to be posted now, and how long nothing else is due; nil: until the bell rings.
    func turn() -> (attempts: [WebhookQueue.Attempt], nextAfterMilliseconds: Int64?) {
        let time = now()
        return state.withLock { state in
            let attempts = state.turn(at: time)
            return (attempts, state.nextDue.map { max($0.milliseconds(since: time), 0) })
        }
    }

    func finish(_ attempt: WebhookQueue.Attempt, _ reply: WebhookReply) {
        state.withLock { $0.queue.finish(attempt, reply, at: now()) }
        ring()
    }
}

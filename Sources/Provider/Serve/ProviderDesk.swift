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

    func ring() { rope.yield() }

    /// Answers a request, after the latency that was asked for.
    func answer(_ request: APIRequest) async -> APIAnswer {
        await conclude(request, state.withLock { $0.admit(request, at: now()) })
    }

    /// Refuses a request that was not understood.
    func turnAway(_ request: APIRequest, _ refusal: Refusal) async -> APIAnswer {
        await conclude(request, state.withLock { $0.turnAway(request, refusal, at: now()) })
    }

    private func conclude(_ request: APIRequest, _ admission: ProviderState.Admission) async -> APIAnswer {
        // What was let in is done even when the client has gone away: only so is its key free again.
        if latencyMilliseconds > 0, request.isAPI { try? await Task.sleep(for: .milliseconds(latencyMilliseconds)) }
        let (answer, record) = state.withLock { $0.conclude(admission, at: now()) }
        ring()
        if let record { onRequest(record) }
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

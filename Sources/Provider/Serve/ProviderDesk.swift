internal import PaymentCore
import Synchronization

/// The stand-in's state behind a lock, with a bell that rings when there may be something to do.
final class ProviderDesk: Sendable {
    private let state: Mutex<ProviderState>
    private let now: @Sendable () -> Instant
    private let latencyMilliseconds: Int64
    /// nil: nothing is kept.
    private let file: StateFile?
    /// Called for every request that was answered.
    private let onRequest: @Sendable (RequestRecord) -> Void
    /// Rings after every change; rings that nobody has heard yet are one.
    let bell: AsyncStream<Void>
    private let rope: AsyncStream<Void>.Continuation

    /// - Throws: When there is a state file and it cannot be used.
    init(
        _ settings: ProviderSettings, now: @escaping @Sendable () -> Instant, onRequest: @escaping @Sendable (RequestRecord) -> Void = { _ in }
    ) throws(StateFileError) {
        self.now = now
        self.onRequest = onRequest
        latencyMilliseconds = settings.latencyMilliseconds
        var state = ProviderState(settings, at: now())
        if let path = settings.stateFile {
            let file = try StateFile(path: path)
            try state.resume(try file.rows())
            self.file = file
        } else {
            file = nil
        }
        self.state = Mutex(state)
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
        let (answer, record) = change { $0.conclude(admission, at: now()) }
        ring()
        if let record { onRequest(record) }
        if let failure = await settled() { return APIAnswer(Refusal(500, "the state cannot be kept: \(failure)"), at: now()) }
        return answer
    }

    /// Changes the state; what is to be kept of the change is on its way to the file before any other change.
    private func change<Result: Sendable>(_ change: (inout ProviderState) -> Result) -> Result {
        state.withLock { state in
            let result = change(&state)
            let rows = state.takeKept(isWanted: file != nil)
            file?.write(rows)
            return result
        }
    }

    /// Waits until all changes so far are kept: nobody is told of what could still be forgotten.
    /// - Returns: Why they are not.
    private func settled() async -> StateFileError? { await file?.settled() }

    /// Gives the state file up, when nothing changes any more.
    func close() async { await file?.close() }

    /// What is to be posted now, and how long nothing else is due; nil: until the bell rings.
    func turn() async -> (attempts: [WebhookQueue.Attempt], nextAfterMilliseconds: Int64?) {
        let time = now()
        let turn = change { state in
            let attempts = state.turn(at: time)
            return (attempts, state.nextDue.map { max($0.milliseconds(since: time), 0) })
        }
        _ = await settled()
        return turn
    }

    func finish(_ attempt: WebhookQueue.Attempt, _ reply: WebhookReply) {
        change { $0.queue.finish(attempt, reply, at: now()) }
        ring()
    }
}

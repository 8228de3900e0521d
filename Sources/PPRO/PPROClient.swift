package import Logging
package import NIOCore
package import PaymentCore
internal import Synchronization

/// PPRO's API. Every call is checked before it is sent, paced, retried as PPRO says, and bounded in time and size; what comes back is typed, and what is not
/// understood survives as the words and bytes it came in.
package final class PPROClient: ChargeAuthority, Sendable {
    private let settings: PPROSettings
    private let exchange: HTTPExchange
    private let now: @Sendable () -> Instant
    private let random: @Sendable () -> UInt64
    private let wait: @Sendable (Int64) async throws -> Void
    private let logger: Logger
    private let pace: Mutex<RequestPace>
    private let keys = Mutex(SentKeys())
    private let key: Mutex<PPROKey>

    /// - Parameters:
    ///   - group: The event loops to run on.
    ///   - now: The wall clock.
    ///   - random: 64 random bits a call, for the jitter of waits and for idempotency keys.
    ///   - wait: Waits so many milliseconds; throws when the task is cancelled.
    package init(
        settings: PPROSettings, group: any EventLoopGroup, now: @escaping @Sendable () -> Instant,
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) },
        wait: @escaping @Sendable (Int64) async throws -> Void = { try await Task.sleep(for: .milliseconds($0)) }, logger: Logger
    ) {
        self.settings = settings
        key = Mutex(settings.key)
        exchange = HTTPExchange(settings: settings, group: group)
        self.now = now
        self.random = random
        self.wait = wait
        self.logger = logger
        pace = Mutex(RequestPace(requestsPerSecond: settings.requestsPerSecond, at: now()))
    }

    /// Breaks off what is under way. Call once, before the event loops go.
    package func shutdown() async { await exchange.shutdown() }

    /// The key for attempts from here on.
    package func replaceKey(_ next: PPROKey) { key.withLock { $0 = next } }

    /// A key for one intention to change something; keep it for as long as that may have to be said again.
    package func makeKey() -> IdempotencyKey { IdempotencyKey(random: random) }

    /// Makes a call until it is answered for good: paced, again and again as the retry plan says, all within the settings' total time.
    /// - Returns: A success, or 404 to a reading call.
    func perform(_ call: PPROCall) async throws(AuthorityError) -> PPROAnswer {
        try admit(call)
        var isOpen = false
        do {
            return try await attempts(call, &isOpen)
        } catch {
            throw error.inDoubt(isOpen && call.isWrite)
        }
    }

    /// Makes a call that changes something, and reads what came of it.
    func change<Value>(_ call: PPROCall, _ read: (JSONValue) throws(AuthorityError) -> Value) async throws(AuthorityError) -> Value {
        let answer = try await perform(call)
        do {
            return try read(try answer.json())
        } catch {
            throw error.inDoubt()
        }
    }

    /// - Parameter isOpen: Becomes true when an attempt may have been carried out, whatever comes after it.
    private func attempts(_ call: PPROCall, _ isOpen: inout Bool) async throws(AuthorityError) -> PPROAnswer {
        let end = now().advanced(byMilliseconds: settings.totalTimeoutMilliseconds)
        var attempt = 1
        while true {
            try await takeTurn(call, until: end)
            let (error, setback): (AuthorityError, RetryPlan.Setback?)
            switch await send(call, until: end) {
            case .success(let answer)?:
                if answer.isSuccess || (answer.status == 404 && !call.isWrite) { return answer }
                isOpen = isOpen || answer.leavesOpen
                (error, setback) = judge(answer, call)
            case .failure(let failure)?:
                isOpen = isOpen || failure.mayHaveArrived
                (error, setback) = (AuthorityError(failure, purpose: call.purpose), failure.isWorthAnotherAttempt ? .transport : nil)
            case nil:
                throw AuthorityError(.timeout, purpose: call.purpose)
            }
            guard let setback, let delay = settings.retryPlan.delay(afterAttempt: attempt, setback, dice: random()),
                now().advanced(byMilliseconds: delay) < end
            else { throw error }
            logger.debug(
                "asking PPRO again",
                metadata: ["call": "\(call.purpose)", "attempt": "\(attempt)", "cause": "\(error.code)", "wait_ms": "\(delay)"])
            try await pause(delay, call)
            attempt += 1
        }
    }

    private func admit(_ call: PPROCall) throws(AuthorityError) {
        guard case .post(let body, let key) = call.method else { return }
        guard keys.withLock({ $0.admit(key, target: call.target, body: body) }) else {
            throw .conflict("\(call.purpose): the idempotency key was used for another request")
        }
    }

    private func takeTurn(_ call: PPROCall, until end: Instant) async throws(AuthorityError) {
        let moment = now()
        switch pace.withLock({ $0.take(call.lane, at: moment, waitingAtMost: end.milliseconds(since: moment)) }) {
        case .tooLong(let milliseconds): throw .rateLimited(call.purpose, waitMilliseconds: milliseconds)
        case .after(0): break
        case .after(let milliseconds):
            do {
                try await pause(milliseconds, call)
            } catch {
                finish(call, nil)
                throw error
            }
        }
    }

    /// One attempt, with what is left of the time; nil when nothing is left, and nothing was sent.
    private func send(_ call: PPROCall, until end: Instant) async -> Result<PPROAnswer, ExchangeFailure>? {
        let left = end.milliseconds(since: now())
        let result = left > 0 ? await exchange.send(call, key: key.withLock { $0 }, timeoutMilliseconds: min(left, settings.attemptTimeoutMilliseconds)) : nil
        finish(call, try? result?.get())
        return result
    }

    /// Hands the turn back and takes what the answer says about the limits.
    private func finish(_ call: PPROCall, _ answer: PPROAnswer?) {
        let moment = now()
        pace.withLock { $0.finish(call.lane, report: answer?.limits, wasRefused: answer?.status == 429, at: moment) }
    }

    /// What an answer without success means, and whether it may be another one next time.
    private func judge(_ answer: PPROAnswer, _ call: PPROCall) -> (AuthorityError, RetryPlan.Setback?) {
        let moment = now()
        let refill = pace.withLock { $0.refillMilliseconds(call.lane, at: moment) }
        let setback = RetryPlan.setback(status: answer.status, isWrite: call.isWrite, refillMilliseconds: refill)
        if setback == nil, case .post(_, let key) = call.method { keys.withLock { $0.forget(key) } }
        return (AuthorityError(answer, to: call, refillMilliseconds: refill, hiding: key.withLock { $0 }), setback)
    }

    private func pause(_ milliseconds: Int64, _ call: PPROCall) async throws(AuthorityError) {
        do {
            try await wait(milliseconds)
        } catch {
            throw .canceled(call.purpose)
        }
    }
}

import EventStore
import Logging
import PaymentCore

extension Notify {
    /// Decides once what a result means, for the breaker and for the delivery; recording it comes after and may be repeated.
    mutating func settle(_ posted: Mailbox.Result, now: Instant) {
        guard let attempt = pending.ended(posted.delivery, endpoint: posted.endpoint) else { return }
        guard posted.result != .failed(.canceled) else {
            // Broken off by us: it does not count, and the delivery is as due as before.
            if attempt.isProbe { breakers[posted.endpoint].failed(at: now, jitter: jitter()) }
            pending.remove(posted.delivery, endpoint: posted.endpoint)
            return
        }
        let (meaning, endpointAlive) = verdict(of: posted.result)
        tellBreaker(of: posted.endpoint, alive: endpointAlive, isProbe: attempt.isProbe, now: now)

        let (status, error, retryAfter) = parts(of: posted.result, now: now)
        let number = attempt.delivery.attempts + 1
        let next: AttemptRecord.Next =
            switch meaning {
            case .delivered: .delivered
            case .giveUp: .dead
            case .retry:
                // A replay begins the schedule anew: the attempts before it do not count.
                settings.schedule.nextAttempt(
                    afterAttempt: number - attempt.delivery.round, at: now, jitter: jitter(), retryAfter: retryAfter
                ).map(AttemptRecord.Next.retry(at:)) ?? .dead
            }
        if case .dead = next { logDead(attempt.delivery, endpoint: posted.endpoint, number: number, status: status, error: error) }
        // What becomes due by this record becomes due at its end, which the step's own clock must not see in the future.
        let duration = min(posted.durationMilliseconds, now.milliseconds(since: attempt.startedAt))
        measures[posted.endpoint].record(next, milliseconds: posted.durationMilliseconds)
        let record = AttemptRecord(
            delivery: posted.delivery, number: number, at: attempt.startedAt, status: status, error: error, durationMilliseconds: max(duration, 0),
            next: next)
        unrecorded.append(Finished(endpoint: posted.endpoint, record: record))
    }

    /// Without an attempt. Recorded by the next step, which is asked for.
    mutating func giveUp(_ delivery: DueDelivery, endpoint: Int, now: Instant) {
        let number = delivery.attempts + 1
        logDead(delivery, endpoint: endpoint, number: number, status: nil, error: AttemptRecord.damagedBody)
        let record = AttemptRecord(
            delivery: delivery.seq, number: number, at: now, status: nil, error: AttemptRecord.damagedBody, durationMilliseconds: 0, next: .dead)
        unrecorded.append(Finished(endpoint: endpoint, record: record))
        onResult()
    }

    private mutating func tellBreaker(of endpoint: Int, alive: Bool, isProbe: Bool, now: Instant) {
        if alive {
            guard breakers[endpoint].succeeded() else { return }
            comeBack.insert(endpoint)
            logger.notice("endpoint is back, its backlog goes out", metadata: ["endpoint": "\(endpoints[endpoint].name)"])
            return
        }
        // One that was sent before the breaker opened says nothing about the probe.
        if case .probing = breakers[endpoint].state, !isProbe { return }
        let before = breakers[endpoint].state
        breakers[endpoint].failed(at: now, jitter: jitter())
        if case .closed = before, case .open = breakers[endpoint].state {
            logger.warning("endpoint does not answer, only probes go to it", metadata: ["endpoint": "\(endpoints[endpoint].name)"])
        }
    }

    private func parts(of result: AttemptResult, now: Instant) -> (status: Int?, error: String?, retryAfterMilliseconds: Int64?) {
        switch result {
        case .answered(let status, let retryAfter): (status, nil, retryAfter.flatMap { RetryAfter.parse($0, now: now) })
        case .failed(let failure): (nil, failure.rawValue, nil)
        }
    }

    private func logDead(_ delivery: DueDelivery, endpoint: Int, number: Int, status: Int?, error: String?) {
        logger.warning(
            "notification is dead, replay it when the shop is ready",
            metadata: [
                "endpoint": "\(endpoints[endpoint].name)", "notification": "\(delivery.notificationId)", "attempts": "\(number)",
                "result": "\(status.map(String.init) ?? error ?? "none")",
            ])
    }
}

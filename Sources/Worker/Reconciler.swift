import Dispatch
package import EventStore
package import Logging
package import PaymentCore
import Synchronization

/// Runs `Reconcile` beside the worker: a queue, a wake source and one timer of its own, so that a slow or silent PPRO never holds up applying or notifying.
package final class Reconciler: Sendable {
    private struct Core: Sendable {
        var reconcile: Reconcile
        var phase = Phase.idle
        /// When webhooks could last be stored for sure; nil: not yet in this process's life, nor in the one's before.
        var lastWell: Instant?
        /// What the timer is set to.
        var next: Instant?
        var trouble = Trouble(of: "reconciliation")
    }

    private enum Phase { case idle, running, stopped }

    /// A downtime longer than this is reason to ask about open charges: webhooks may have been refused meanwhile.
    package static let longestQuietDowntimeMilliseconds: Int64 = 60_000
    static let batchSize = 500
    /// How often terima notes that it is alive; a wait is never longer.
    private static let aliveMilliseconds: Int64 = 20_000

    let store: EventStore
    let inquiry: Inquiry
    let now: @Sendable () -> Instant
    private let logger: Logger
    private let queue = DispatchQueue(label: "terima.reconciler", qos: .utility)
    private let alarm: Alarm
    private let core: Mutex<Core>
    private let published = Mutex(ReconcilerStatus())
    /// Numbers those who wait for names.
    private let waiters = Atomic(0)

    /// - Parameter concurrency: Questions under way at the same time. How many a second is the authority's to limit.
    package init(
        store: EventStore, authority: any ChargeAuthority, concurrency: Int = 2, now: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        self.store = store
        self.now = now
        self.logger = logger
        let alarm = Alarm(queue: queue)
        self.alarm = alarm
        inquiry = Inquiry(authority: authority, store: store, now: now)
        core = Mutex(Core(reconcile: Reconcile(store: store, inquiry: inquiry, concurrency: concurrency, logger: logger)))
        inquiry.results.onPost { alarm.wake() }
        alarm.activate { [weak self] in self?.run() }
        store.onCommit { [weak self] commit in
            if let ask = commit.ask { self?.noteDue(ask) }
        }
    }

    /// Begins to ask. After a downtime of more than a minute every open charge is asked about: PPRO's own next try may be 34 hours away. Downtime is also when
    /// this process lives but cannot store events (a full disk), or does not run at all (a suspended machine).
    /// - Parameter lastAlive: When terima was last known to run; nil for the first time ever.
    package func start(lastAlive: Instant?) {
        queue.async { [self] in
            let isFirst = core.withLock { core in
                guard case .idle = core.phase else { return false }
                core.phase = .running
                core.lastWell = lastAlive
                return true
            }
            if isFirst { run() }
        }
    }

    /// Asks PPRO once, soon, about a charge by its id or its `merchantPaymentChargeReference`, unless the result goes before its turn has come. Any thread, never
    /// blocks; the same name again while it waits is one question.
    package func ask(_ name: String) -> Interest {
        let waiter = waiters.add(1, ordering: .relaxed).newValue
        queue.async { [self] in
            core.withLock { $0.reconcile.add(name: name, for: waiter) }
            // Not before: a run that is waiting already would come without the name.
            alarm.wake()
        }
        return Interest { [weak self] in self?.withdraw(waiter) }
    }

    private func withdraw(_ waiter: Int) {
        queue.async { [self] in core.withLock { $0.reconcile.withdraw(waiter) } }
    }

    /// An operator's question was answered or was not.
    func count(_ outcome: Result<[Inquiry.Answer], AuthorityError>) {
        queue.async { [self] in
            core.withLock { core in
                core.reconcile.count(outcome, now: now())
                publish(core)
            }
            alarm.wake()
        }
    }

    package func status() -> ReconcilerStatus { published.withLock { $0 } }

    /// Breaks off what is under way and returns when nothing of it is left.
    package func stop() async {
        let tasks = await withCheckedContinuation { continuation in
            queue.async { [self] in
                let tasks = core.withLock { core in
                    core.phase = .stopped
                    return core.reconcile.stop()
                }
                alarm.unset()
                continuation.resume(returning: tasks)
            }
        }
        for task in tasks { await task.value }
    }

    /// False when it could not be written.
    private func doubtAfterDowntime(since lastAlive: Instant) -> Bool {
        do {
            let count = try doubtAllOpen(.downtime)
            guard count > 0 else { return true }
            logger.notice(
                "webhooks could not be received: asking PPRO about the open charges", metadata: ["charges": "\(count)", "since": "\(lastAlive.iso8601)"])
            return true
        } catch {
            logger.error("cannot ask about the charges that were open while webhooks could not be received", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// In small transactions, so that nobody waits long for the writer.
    private func doubtAllOpen(_ reason: AskReason) throws -> Int {
        let moment = now()
        var place = OpenPlace.start
        while let next = try store.write("doubt", { try $0.doubtOpenCharges(reason, after: place, limit: Self.batchSize, now: moment) }) { place = next }
        return place.passed
    }

    /// A commit wants a charge to be asked about: only an earlier time than the one set is of interest. On the writer's queue.
    private func noteDue(_ time: Instant) {
        queue.async { [self] in
            let isEarlier = core.withLock { core in
                guard core.next.map({ time < $0 }) ?? true else { return false }
                core.next = time
                return true
            }
            if isEarlier { alarm.wake() }
        }
    }

    private func run() {
        core.withLock { core in
            guard case .running = core.phase else { return }
            noteWell(&core)
            guard core.trouble.mayTry else { return }
            do {
                core.next = try core.reconcile.step(now: now())
                core.trouble.ended(logger)
            } catch {
                core.trouble.happened(error, logger)
            }
            publish(core)
            if let retry = core.trouble.nextTry {
                alarm.set(retry)
            } else {
                let wait = core.next?.milliseconds(since: now()) ?? Self.aliveMilliseconds
                alarm.set(milliseconds: min(max(wait, 1), Self.aliveMilliseconds))
            }
        }
    }

    /// At least every 20 seconds. Who was not well for long has missed webhooks.
    private func noteWell(_ core: inout Core) {
        guard store.health.takesEvents else { return }
        let now = now()
        if let last = core.lastWell, now.milliseconds(since: last) > Self.longestQuietDowntimeMilliseconds {
            // Not written, the doubt would be lost with it: the next look, or the next start, sees the same downtime.
            guard doubtAfterDowntime(since: last) else { return }
        }
        core.lastWell = now
        store.markAlive()
    }

    private func publish(_ core: Core) {
        let status = ReconcilerStatus(
            counts: core.reconcile.counts, inFlight: core.reconcile.inFlight, trouble: core.trouble.code ?? core.reconcile.trouble,
            lastQuietAnswerAt: core.reconcile.lastQuietAnswerAt)
        published.withLock { $0 = status }
    }
}

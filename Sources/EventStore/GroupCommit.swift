import Dispatch
import PaymentCore
import Synchronization

/// Gathers events while a transaction is being synced and gives the next transaction all of them. A sync costs the same for one event as for many,
/// so the group grows with the load and no timer is needed.
final class GroupCommit: Sendable {
    /// Stores one batch and gives the outcome of each event, in order. Runs on the queue.
    typealias Store = @Sendable ([PendingAppend]) -> [AppendOutcome]

    private let queue: DispatchQueue
    private let transactionEvents: Int
    private let patience: Duration
    private let mailbox: Mutex<Mailbox>
    /// Taken from the mailbox but not stored yet.
    private let backlog: Confined<Backlog>
    private let store: Store
    /// After the answers are out: what may make an answer wait no longer.
    private let afterwards: @Sendable () -> Void

    private final class Backlog {
        var batch: ArraySlice<PendingAppend> = []
    }

    init(queue: DispatchQueue, limits: EventStore.Limits, store: @escaping Store, afterwards: @escaping @Sendable () -> Void) {
        self.queue = queue
        self.transactionEvents = max(1, limits.transactionEvents)
        self.patience = .milliseconds(limits.waitingMilliseconds)
        self.mailbox = Mutex(Mailbox(maximumCount: limits.waitingEvents, maximumBytes: limits.waitingBytes))
        self.backlog = Confined(to: queue) { Backlog() }
        self.store = store
        self.afterwards = afterwards
    }

    var waiting: Int { mailbox.withLock { $0.count } }

    func append(_ event: Event, completion: @escaping @Sendable (AppendOutcome) -> Void) {
        let pending = PendingAppend(event: PackedEvent(event), completion: completion)
        switch mailbox.withLock({ $0.put(pending) }) {
        case .queued(let mustSchedule): if mustSchedule { schedule() }
        case .full: completion(.overloaded)
        case .closed: completion(.unavailable(StoreError(.closed, message: "the store is closed")))
        }
    }

    /// Takes nothing in any more and finishes what waits. On the queue.
    func close() {
        mailbox.withLock { $0.close() }
        while drainOnce() {}
    }

    private func schedule() {
        queue.async { [self] in
            // One transaction a turn: other writes that were queued meanwhile come in between.
            if drainOnce() { schedule() }
        }
    }

    /// One transaction. False: nothing waited.
    private func drainOnce() -> Bool {
        let batch = backlog { backlog in
            if backlog.batch.isEmpty { backlog.batch = mailbox.withLock { $0.take() }[...] }
            let batch = Array(backlog.batch.prefix(transactionEvents))
            backlog.batch = backlog.batch.dropFirst(transactionEvents)
            return batch
        }
        guard !batch.isEmpty else { return false }
        let now = ContinuousClock.now
        // The oldest come first.
        let late = batch.prefix { now - $0.arrived > patience }
        let rest = Array(batch.dropFirst(late.count))
        let outcomes = rest.isEmpty ? [] : store(rest)
        mailbox.withLock { $0.done(batch) }
        for pending in late { pending.completion(.overloaded) }
        for (pending, outcome) in zip(rest, outcomes) { pending.completion(outcome) }
        // Be they all too late: others leave to us what is due after a transaction.
        afterwards()
        return true
    }
}

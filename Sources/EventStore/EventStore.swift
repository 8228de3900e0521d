import Dispatch
package import PaymentCore
import Synchronization

/// The durable heart: one read-write connection on one serial queue, through which everything is written.
///
/// An answer given by `append` is given after COMMIT with `synchronous=FULL`, so it survives a power cut.
package final class EventStore: Sendable {
    package let path: String
    let queue: DispatchQueue
    /// When the process that had the database open before this one was last known to live; nil for a new database.
    package let lastAlive: Instant?
    /// What an operator should know about the files as they were found: a sentence each.
    package let findings: [String]
    private let writer: Confined<WriterSlot>
    private let group: GroupCommit
    private let state: StoreState
    private let recheck: @Sendable () -> Void

    /// The writer until it is closed.
    final class WriterSlot {
        var writer: Writer?
        /// The backup under way. It must end before the writer's connection does.
        var copy: BackupCopy?
        /// A backup, a purge or an erasure is under way.
        var isMaintained = false
        /// A look for room is announced.
        var isRechecking = false

        init(_ writer: Writer) { self.writer = writer }
    }

    /// Takes the lock `<path>.lock`, creates or migrates the database, asserts its settings and loads the duplicate check.
    /// Throws `database_locked`, `database_newer`, `database_foreign`, `database_missing`, `setting_refused` and what the disk says.
    package static func open(path: String, limits: Limits = .init()) throws(StoreError) -> EventStore {
        let writer = try Writer(path: path, limits: limits)
        return EventStore(path: path, writer: writer, limits: limits)
    }

    private init(path: String, writer: Writer, limits: Limits) {
        let queue = DispatchQueue(label: "terima.writer", qos: .userInitiated)
        let state = StoreState(lastSeq: writer.lastSeq)
        let confined = Confined(to: queue) { WriterSlot(writer) }
        self.path = path
        lastAlive = writer.lock.lastAlive
        findings = writer.findings
        self.queue = queue
        self.state = state
        self.writer = confined
        let recheck = Self.recheck(confined, state: state, after: limits.recheckMilliseconds)
        self.recheck = recheck
        self.group = GroupCommit(
            queue: queue, limits: limits,
            store: { batch in confined { Self.store(batch, in: $0, state: state) } },
            afterwards: { confined { Self.afterwards($0, state: state, recheck: recheck) } })
        queue.async { confined { Self.lookForRoom($0, state: state, again: recheck) } }
    }

    /// Announces a look for room.
    private static func recheck(_ writer: Confined<WriterSlot>, state: StoreState, after milliseconds: Int) -> @Sendable () -> Void {
        @Sendable func announce() {
            writer.queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
                writer { Self.recheck($0, state: state, again: announce) }
            }
        }
        return announce
    }

    /// Stores the event together with whatever else arrives meanwhile. `completion` runs on the writer's queue after COMMIT and must not block;
    /// `overloaded` and `unavailable` may come at once on the caller's thread.
    package func append(_ event: Event, completion: @escaping @Sendable (AppendOutcome) -> Void) {
        if let refusal = state.refusal { return completion(.unavailable(refusal)) }
        group.append(event, completion: completion)
    }

    /// `observer` hears of every commit that changed something, on the writer's queue after the answers are out; it must not block.
    package func onCommit(_ observer: @escaping @Sendable (Commit) -> Void) { state.addObserver(observer) }

    /// `handler` is called once, when the store can promise nothing any more: end the process, the next start recovers.
    package func onFatal(_ handler: @escaping @Sendable (StoreError) -> Void) { state.addFatalHandler(handler) }

    /// `observer` hears of every change of `health`, and at once if it is not well; on any thread, and it must not block.
    package func onHealth(_ observer: @escaping @Sendable (StoreHealth) -> Void) { state.addHealthObserver(observer) }

    /// Whether the store can take events.
    package var health: StoreHealth { state.health }

    /// One transaction on the writer's queue. Blocks the caller: only from a thread that may block, never from an event loop, the cooperative pool
    /// or the writer's own queue. Throws what `body` throws (then nothing is written), and `StoreError`.
    package func write<Result>(_ label: StaticString, _ body: (Transaction) throws -> Result) throws -> Result {
        dispatchPrecondition(condition: .notOnQueue(queue))
        return try queue.sync { try perform(label, body) }
    }

    /// As `write`, without blocking a thread of the caller.
    package func writeAsync<Result: Sendable>(
        _ label: StaticString, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                continuation.resume(with: Swift.Result { try perform(label, body) })
            }
        }
    }

    /// Notes that this process lives, for the next one's `lastAlive`. Any thread, never blocks; no write to the database.
    package func markAlive() {
        queue.async { [self] in writer { $0.writer?.lock.markAlive() } }
    }

    /// Calls `echo` on the writer's queue when all that was to be written before is done: a proof that the writer goes on. Never after a final error.
    /// Any thread, never blocks; `echo` must not block.
    package func echo(_ echo: @escaping @Sendable () -> Void) {
        queue.async { [state] in
            if state.fatal == nil { echo() }
        }
    }

    /// The newest event. Any thread, never blocks.
    package var lastSeq: Int64 { state.lastSeq }

    /// Events that wait for their commit, those being committed included. Any thread, never blocks.
    package var waiting: Int { group.waiting }

    package func statistics() -> StoreStatistics {
        let file = DatabaseFile(path: path)
        return StoreStatistics(fileBytes: file.bytes, logBytes: file.logBytes, lastSeq: state.lastSeq, waiting: group.waiting, commits: state.commits)
    }

    /// Finishes what is queued, empties the write-ahead log into the database and releases the lock. Blocks; idempotent. Not from the writer's queue.
    package func close() {
        dispatchPrecondition(condition: .notOnQueue(queue))
        queue.sync {
            group.close()
            writer { slot in
                guard let open = slot.writer else { return }
                slot.copy = nil
                do throws(StoreError) { try open.close() } catch { state.failed(error) }
                slot.writer = nil
            }
        }
    }

    /// What is no transaction. On the writer's queue. Errors are the caller's alone: they say nothing about the store.
    func withSlot<Result>(_ body: (WriterSlot) throws -> Result) throws -> Result {
        try writer { slot in
            guard slot.writer != nil else { throw StoreError(.closed, message: "the store is closed") }
            return try body(slot)
        }
    }

    /// The writer's work that is no transaction. On the writer's queue.
    func maintain<Result>(_ label: StaticString, _ body: (Writer) throws(StoreError) -> Result) throws -> Result {
        try writer { slot in
            guard let open = slot.writer else { throw StoreError(.closed, message: "the store is closed") }
            do throws(StoreError) { return try body(open) } catch {
                var failure = error
                failure.during = "\(label)"
                state.failed(failure)
                throw failure
            }
        }
    }

    func perform<Result>(_ label: StaticString, _ body: (Transaction) throws -> Result) throws -> Result {
        // Whose answers wait has waited for this already: their commit comes first, and then the checkpoint that may be due.
        defer { if group.waiting == 0 { writer { Self.checkpoint($0, state: state, recheck: recheck) } } }
        return try writer { slot in
            guard let open = slot.writer else { throw StoreError(.closed, message: "the store is closed") }
            do {
                let done = try open.perform(body)
                state.succeeded(done.commit, hasWritten: done.hasWritten)
                state.notify()
                return done.result
            } catch var error as StoreError {
                error.during = "\(label)"
                Self.failed(error, "\(label)", in: slot, state: state)
                throw error
            }
        }
    }
}

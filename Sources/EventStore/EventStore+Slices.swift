import Dispatch

/// Long work on the writer's queue, in slices between which others write.
extension EventStore {
    /// What a slice leaves to the one after it.
    struct SliceEnd: Sendable {
        /// The newest event then.
        fileprivate var lastSeq: Int64
        /// Not before this time the next one.
        fileprivate var restUntil: DispatchTime
    }

    /// Runs one slice on the writer's queue when the rest since `last` is over and events that wait have gone before it.
    func slice<Done: Sendable>(
        after last: SliceEnd?, pace: SlicePace, _ body: @escaping @Sendable () throws -> Done
    ) async throws -> (done: Done, end: SliceEnd) {
        try await withCheckedThrowingContinuation { continuation in
            let work: @Sendable () -> Void = { [self] in
                continuation.resume(
                    with: Result {
                        let began = ContinuousClock.now
                        let done = try body()
                        let eventsCome = waiting > 0 || last.map { $0.lastSeq < lastSeq } ?? false
                        let rest = pace.rest(after: .now - began, eventsCome: eventsCome)
                        return (done, SliceEnd(lastSeq: lastSeq, restUntil: .now() + rest.dispatchInterval))
                    })
            }
            if let last, last.restUntil > .now() {
                queue.asyncAfter(deadline: last.restUntil) { [self] in afterWaiting(turns: pace.turns, work) }
            } else {
                queue.async { [self] in afterWaiting(turns: pace.turns, work) }
            }
        }
    }

    /// On the queue, where the transaction that stores what waits has its place behind us.
    private func afterWaiting(turns: Int, _ work: @escaping @Sendable () -> Void) {
        guard turns > 0, waiting > 0 else { return work() }
        queue.async { [self] in afterWaiting(turns: turns - 1, work) }
    }

    /// Backups, purges and erasures go one at a time, so that none undoes what another promises.
    /// - Throws: `maintenance_running` when another one is under way, and what `body` throws.
    func maintaining<Done>(_ body: () async throws -> Done) async throws -> Done {
        try await onQueue { slot in
            guard !slot.isMaintained else {
                throw StoreError(.maintenanceRunning, message: "another backup, purge or erasure is under way; try again when it has ended")
            }
            slot.isMaintained = true
        }
        defer { queue.async { [self] in try? withSlot { $0.isMaintained = false } } }
        return try await body()
    }

    private func onQueue<Done: Sendable>(_ body: @escaping @Sendable (WriterSlot) throws -> Done) async throws -> Done {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in continuation.resume(with: Result { try withSlot(body) }) }
        }
    }
}

extension Duration {
    fileprivate var dispatchInterval: DispatchTimeInterval {
        let (seconds, attoseconds) = components
        return .microseconds(Int(clamping: seconds) &* 1_000_000 &+ Int(clamping: attoseconds / 1_000_000_000_000))
    }
}

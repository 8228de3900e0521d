import Dispatch

extension EventStore {
    /// Does again what failed, in many small transactions between which others write. Safe to repeat, and safe to break off: its record counts what was done,
    /// and a repeat does the rest.
    /// - Throws: `ReplayInterrupted` when the task was cancelled, and `StoreError`. Both say what was done before.
    package func replay(_ request: ReplayRequest, readers: ReaderPool) async throws -> ReplayCount {
        guard !request.selection.isEmpty else { return ReplayCount(events: 0, deliveries: 0) }
        return try await replay(readers.read { try $0.replayPlan(request.selection) }, of: request, pace: ReplayPace())
    }

    func replay(_ plan: ReplayPlan, of request: ReplayRequest, pace: ReplayPace) async throws -> ReplayCount {
        var plan = plan
        var count = ReplayCount(events: 0, deliveries: 0)
        var last: ReplaySlice?
        while let slice = plan.next(rows: pace.rows) {
            if Task.isCancelled { throw ReplayInterrupted(done: count) }
            do {
                let done = try await write(slice, of: request, after: last, pace: pace)
                count += done.count
                last = done
            } catch var error as StoreError {
                if last != nil { error.message += "; \(count.events) events and \(count.deliveries) deliveries had been replayed" }
                throw error
            }
        }
        return count
    }

    /// A slice that was done.
    private struct ReplaySlice: Sendable {
        var record: Int64
        var count: ReplayCount
        /// The newest event in it.
        var lastSeq: Int64
        /// Not before this time the next one.
        var restUntil: DispatchTime
    }

    private func write(_ slice: ReplayPlan.Slice, of request: ReplayRequest, after last: ReplaySlice?, pace: ReplayPace) async throws -> ReplaySlice {
        try await withCheckedThrowingContinuation { continuation in
            let work: @Sendable () -> Void = { [self] in
                continuation.resume(
                    with: Result {
                        let began = ContinuousClock.now
                        var done = try perform("replay") { transaction in
                            let done = try transaction.replay(slice, of: request, record: last?.record)
                            return ReplaySlice(record: done.record, count: done.count, lastSeq: transaction.nextSeq - 1, restUntil: .now())
                        }
                        let eventsCome = waiting > 0 || last.map { $0.lastSeq < done.lastSeq } ?? false
                        done.restUntil = .now() + pace.rest(after: .now - began, eventsCome: eventsCome).dispatchInterval
                        return done
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
}

/// A replay was broken off.
package struct ReplayInterrupted: Error, Sendable, Equatable {
    package var done: ReplayCount
}

extension Duration {
    fileprivate var dispatchInterval: DispatchTimeInterval {
        let (seconds, attoseconds) = components
        return .microseconds(Int(clamping: seconds) &* 1_000_000 &+ Int(clamping: attoseconds / 1_000_000_000_000))
    }
}

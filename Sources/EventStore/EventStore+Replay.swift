extension EventStore {
    /// Does again what failed, in many small transactions between which others write. Safe to repeat, and safe to break off: its record counts what was done,
    /// and a repeat does the rest.
    /// - Throws: `ReplayInterrupted` when the task was cancelled, and `StoreError`. Both say what was done before.
    package func replay(_ request: ReplayRequest, readers: ReaderPool) async throws -> ReplayCount {
        guard !request.selection.isEmpty else { return ReplayCount(events: 0, deliveries: 0) }
        return try await replay(readers.read { try $0.replayPlan(request.selection) }, of: request)
    }

    /// As above, of what was found before.
    package func replay(_ plan: ReplayPlan, of request: ReplayRequest) async throws -> ReplayCount {
        try await replay(plan, of: request, pace: SlicePace())
    }

    func replay(_ plan: ReplayPlan, of request: ReplayRequest, pace: SlicePace) async throws -> ReplayCount {
        var plan = plan
        var count = ReplayCount(events: 0, deliveries: 0)
        var (record, last): (Int64?, SliceEnd?)
        while let slice = plan.next(rows: pace.rows) {
            if Task.isCancelled { throw ReplayInterrupted(done: count) }
            do {
                let (done, end) = try await self.slice(after: last, pace: pace) { [self, record] in
                    try perform("replay") { try $0.replay(slice, of: request, record: record) }
                }
                count += done.count
                (record, last) = (done.record, end)
            } catch var error as StoreError {
                if record != nil { error.message += "; \(count.events) events and \(count.deliveries) deliveries had been replayed" }
                throw error
            }
        }
        return count
    }
}

/// A replay was broken off.
package struct ReplayInterrupted: Error, Sendable, Equatable {
    package var done: ReplayCount
}

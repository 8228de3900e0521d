import PaymentCore

extension EventStore {
    /// One transaction for the whole batch; if a single event spoils it, each is tried alone.
    static func store(_ batch: [PendingAppend], in slot: WriterSlot, state: StoreState) -> [AppendOutcome] {
        guard let writer = slot.writer else {
            return batch.map { _ in .unavailable(StoreError(.closed, message: "the store is closed")) }
        }
        // The space that is left is for what was accepted before.
        if let refusal = writer.refusal { return batch.map { _ in .unavailable(refusal) } }
        switch attempt(batch, in: writer, slot, state: state) {
        case .success(let outcomes): return outcomes
        case .failure(let error) where error.concernsOneRow && batch.count > 1:
            return batch.map { pending in
                switch attempt([pending], in: writer, slot, state: state) {
                case .success(let outcomes): outcomes.first ?? .unavailable(error)
                case .failure(let error): .unavailable(error)
                }
            }
        case .failure(let error): return batch.map { _ in .unavailable(error) }
        }
    }

    private static func attempt(
        _ batch: [PendingAppend], in writer: Writer, _ slot: WriterSlot, state: StoreState
    ) -> Result<[AppendOutcome], StoreError> {
        let began = ContinuousClock.now
        do {
            let done = try writer.perform { transaction in
                try batch.map { try transaction.append($0.event) }
            }
            state.succeeded(done.commit, hasWritten: done.hasWritten)
            state.measured(events: batch.count, took: .now - began)
            return .success(done.result)
        } catch {
            var failure = error as? StoreError ?? StoreError(.unexpected, message: "\(error)")
            failure.during = "append"
            failed(failure, "append", in: slot, state: state)
            return .failure(failure)
        }
    }

    /// Answers first, then those who follow, then the checkpoint: nobody waits for what is not theirs.
    static func afterwards(_ slot: WriterSlot, state: StoreState, recheck: @escaping @Sendable () -> Void) {
        state.notify()
        checkpoint(slot, state: state, recheck: recheck)
    }

    static func checkpoint(_ slot: WriterSlot, state: StoreState, recheck: @escaping @Sendable () -> Void) {
        do throws(StoreError) {
            try slot.writer?.checkpointIfDue()
        } catch {
            failed(error, "checkpoint", in: slot, state: state)
        }
        lookForRoom(slot, state: state, again: recheck)
    }
}

import Dispatch

extension EventStore {
    /// After every write: looks whether there is room for more events, and as long as there is not, looks again every `recheckMilliseconds`, so that the store
    /// heals without anybody having to try. On the queue.
    static func lookForRoom(_ slot: WriterSlot, state: StoreState, again: @escaping @Sendable () -> Void) {
        guard let writer = slot.writer else { return }
        state.now(refusal: writer.refusal, strain: writer.strain)
        guard writer.refusal != nil, !slot.isRechecking else { return }
        slot.isRechecking = true
        again()
    }

    /// The look that was announced.
    static func recheck(_ slot: WriterSlot, state: StoreState, again: @escaping @Sendable () -> Void) {
        slot.isRechecking = false
        guard let writer = slot.writer, writer.fatal == nil else { return }
        do throws(StoreError) { try writer.makeRoom() } catch { failed(error, "checkpoint", in: slot, state: state) }
        lookForRoom(slot, state: state, again: again)
    }

    /// A write has failed: what that means for the space set aside, and for everybody else.
    static func failed(_ error: StoreError, _ label: String, in slot: WriterSlot, state: StoreState) {
        var error = error
        error.during = label
        if error.kind == .storageFull { slot.writer?.isOutOfSpace() }
        state.failed(error)
    }
}

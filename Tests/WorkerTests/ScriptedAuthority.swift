import PaymentCore
import Synchronization

/// PPRO as the test wants it: charges by id, and what to answer instead.
final class ScriptedAuthority: ChargeAuthority {
    private struct State {
        var charges: [String: RemoteCharge] = [:]
        var failure: AuthorityError?
        var asked: [String] = []
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
        var onAsk: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Every id and reference asked for, in order.
    var asked: [String] { state.withLock { $0.asked } }

    func put(_ charge: RemoteCharge) { state.withLock { $0.charges[charge.id] = charge } }

    /// Every question fails so; nil: they are answered again.
    func fail(_ error: AuthorityError?) { state.withLock { $0.failure = error } }

    /// `observer` hears of each question, on any thread.
    func onAsk(_ observer: @escaping @Sendable () -> Void) { state.withLock { $0.onAsk = observer } }

    /// Questions wait until `release`.
    func hold() { state.withLock { $0.isHeld = true } }

    func release() {
        let held = state.withLock { state in
            defer { (state.isHeld, state.held) = (false, []) }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func charge(id: String) async throws(AuthorityError) -> RemoteCharge? { try await answer(id) { $0.charges[id] } }

    func charges(reference: String) async throws(AuthorityError) -> [RemoteCharge] {
        try await answer(reference) { state in state.charges.values.filter { $0.merchantPaymentChargeReference == reference } }
    }

    private func answer<Answer: Sendable>(_ subject: String, _ read: @Sendable (borrowing State) -> Answer) async throws(AuthorityError) -> Answer {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let goesOn = state.withLock { state in
                state.asked.append(subject)
                if state.isHeld { state.held.append(continuation) }
                return !state.isHeld
            }
            state.withLock { $0.onAsk }?()
            if goesOn { continuation.resume() }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return state.withLock { read($0) }
    }
}

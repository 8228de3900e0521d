import Synchronization

/// Tells once that every listener of the operator API is up, and on which port.
final class Readiness: Sendable {
    private struct State {
        var missing: Int
        var port: Int?
    }

    private let state: Mutex<State>
    private let announce: @Sendable (Int?) -> Void

    /// - Parameters:
    ///   - listeners: how many must report before `announce` is called; at least 1.
    ///   - announce: gets the port of the listener that has one.
    init(listeners: Int, announce: @escaping @Sendable (Int?) -> Void) {
        state = Mutex(State(missing: listeners))
        self.announce = announce
    }

    /// - Parameter port: nil for a Unix socket.
    func listenerIsUp(port: Int?) {
        let ready = state.withLock { state -> State? in
            state.missing -= 1
            state.port = port ?? state.port
            return state.missing == 0 ? state : nil
        }
        if let ready { announce(ready.port) }
    }
}

import Synchronization

/// Tells once that every listener is up.
final class Readiness: Sendable {
    private let missing: Mutex<Int>
    private let announce: @Sendable () -> Void

    /// - Parameter listeners: how many must report before `announce` is called; at least 1.
    init(listeners: Int, announce: @escaping @Sendable () -> Void) {
        missing = Mutex(listeners)
        self.announce = announce
    }

    func listenerIsUp() {
        let isLast = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if isLast { announce() }
    }
}

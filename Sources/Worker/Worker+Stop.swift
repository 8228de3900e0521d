import Dispatch
import Synchronization

extension Worker {
    /// Takes up nothing new, waits for the attempts under way and records them; after the limit it breaks the rest off: they stay pending and are due again
    /// at the next start.
    /// - Parameters:
    ///   - milliseconds: The limit; 0 or less breaks off at once.
    ///   - completion: Called once, on the worker's queue, when nothing is under way any more. The store may be closed then.
    package func stop(within milliseconds: Int64, completion: @escaping @Sendable () -> Void) {
        queue.async {
            let isStopped = self.core.withLock { core in
                switch core.phase {
                case .idle, .running: core.phase = .stopping([completion])
                case .stopping(let others): core.phase = .stopping(others + [completion])
                case .stopped: return true
                }
                return false
            }
            guard !isStopped else { return completion() }
            self.wake()
            let limit = min(max(milliseconds, 0), Self.longestStopMilliseconds)
            self.queue.asyncAfter(deadline: .now() + .milliseconds(Int(limit))) { self.breakOff() }
        }
    }

    private static let longestStopMilliseconds: Int64 = 60 * 60 * 1000

    /// One step while stopping. Returns whether all has ended; the worker is stopped then.
    func windUp(_ core: inout Core) -> Bool {
        do {
            try core.notify.recordOnly(now: now())
        } catch {
            core.trouble.happened(error, logger)
            if let retry = core.trouble.nextTry { alarm.set(retry) }
        }
        publish(core)
        guard core.notify.pending.isEmpty else { return false }
        finish(&core)
        return true
    }

    private func breakOff() {
        let completions: [@Sendable () -> Void] = core.withLock { core in
            guard case .stopping(let completions) = core.phase else { return [] }
            // What has come in until now still counts. What cannot be recorded is sent again some day: at least once.
            do { try core.notify.recordOnly(now: now()) } catch { core.trouble.happened(error, logger) }
            for cancellation in core.notify.pending.cancellations { cancellation.cancel() }
            finish(&core)
            return completions
        }
        for completion in completions { completion() }
    }

    private func finish(_ core: inout Core) {
        core.phase = .stopped
        alarm.unset()
        publish(core)
    }
}

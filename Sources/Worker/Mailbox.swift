import PaymentCore
import Synchronization

/// Where results wait for the worker's next step: senders call back on threads of their own.
final class Mailbox: Sendable {
    struct Result: Sendable {
        var endpoint: Int
        var delivery: Int64
        var result: AttemptResult
        var durationMilliseconds: Int64
    }

    // Bounded by the attempts under way: each of them posts once.
    private let results = Mutex<[Result]>([])

    func post(_ result: Result) { results.withLock { $0.append(result) } }

    func takeAll() -> [Result] {
        results.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}

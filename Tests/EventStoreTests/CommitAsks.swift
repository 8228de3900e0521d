import PaymentCore
import Synchronization

/// What commits told an observer about the next question to PPRO, in order.
final class CommitAsks: Sendable {
    private let asks = Mutex<[Instant?]>([])

    var all: [Instant?] { asks.withLock { $0 } }

    func add(_ ask: Instant?) { asks.withLock { $0.append(ask) } }
}

import Synchronization

/// Counts from 1, on whatever thread.
final class AsyncNumbers: Sendable {
    private let last = Mutex(0)

    func next() -> Int {
        last.withLock { last in
            last += 1
            return last
        }
    }
}

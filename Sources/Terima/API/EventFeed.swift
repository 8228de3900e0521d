import NIOCore
import Synchronization

/// Requests that wait for the next event. A waiter costs one promise and one scheduled task; nothing polls the database.
package final class EventFeed: Sendable {
    private struct Waiters {
        var promises: [Int: EventLoopPromise<Void>] = [:]
        var nextKey = 0
        var isClosed = false
    }

    private let waiters = Mutex(Waiters())

    package init() {}

    /// Most requests that may wait at once.
    static let capacity = 4_096

    /// Wakes everyone who waits; each looks for itself whether what it wants has come.
    package func announce() {
        let woken = waiters.withLock { waiters in
            defer { waiters.promises.removeAll(keepingCapacity: true) }
            return waiters.promises.values.map { $0 }
        }
        for promise in woken { promise.succeed() }
    }

    /// Wakes everyone and lets nobody wait any more; for shutting down.
    package func close() {
        waiters.withLock { $0.isClosed = true }
        announce()
    }

    /// A ticket taken *before* looking into the database, so that an event that comes in between is not missed.
    func ticket(on loop: any EventLoop, timeoutMilliseconds: Int64) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        let key: Int? = waiters.withLock { waiters in
            guard !waiters.isClosed, waiters.promises.count < Self.capacity else { return nil }
            waiters.nextKey &+= 1
            waiters.promises[waiters.nextKey] = promise
            return waiters.nextKey
        }
        guard let key else {
            promise.succeed()
            return promise.futureResult
        }
        let timeout = loop.scheduleTask(in: .milliseconds(timeoutMilliseconds)) { self.take(key)?.succeed() }
        promise.futureResult.whenComplete { _ in timeout.cancel() }
        return promise.futureResult
    }

    private func take(_ key: Int) -> EventLoopPromise<Void>? { waiters.withLock { $0.promises.removeValue(forKey: key) } }
}

package import EventStore
package import PaymentCore
package import Receiver
package import Worker

/// What only the running service knows; the rest of `status` is read from the database.
package struct LiveState: Sendable {
    package var startedAt: Instant
    package var worker: Worker
    /// nil when PPRO's API is not configured.
    package var reconciler: Reconciler?
    package var receiver: ReceiverServer
    package var store: EventStore
    /// `terima serve --receive-only`.
    package var receivesOnly: Bool

    /// When PPRO was last heard of otherwise than by a webhook: with our start it gets the time to send some.
    var signOfLife: Instant { max(startedAt, reconciler?.status().lastQuietAnswerAt ?? startedAt) }

    package init(startedAt: Instant, worker: Worker, reconciler: Reconciler? = nil, receiver: ReceiverServer, store: EventStore, receivesOnly: Bool = false) {
        self.startedAt = startedAt
        self.worker = worker
        self.reconciler = reconciler
        self.receiver = receiver
        self.store = store
        self.receivesOnly = receivesOnly
    }
}

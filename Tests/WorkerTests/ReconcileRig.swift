import PaymentCore
import Synchronization

@testable import Worker

/// A rig with reconciliation beside it. Times are milliseconds since `Life.start`.
final class ReconcileRig {
    let rig: Rig
    let ppro = ScriptedAuthority()
    var reconcile: Reconcile
    private let inquiry: Inquiry
    private let posted: AsyncStream<Void>

    init(concurrency: Int = 2) throws {
        rig = try Rig()
        // Every answer has a moment of its own.
        let answers = Mutex(Life.start)
        let tick: @Sendable () -> Instant = {
            answers.withLock { moment in
                moment += 1
                return Instant(milliseconds: moment)
            }
        }
        let inquiry = Inquiry(authority: ppro, store: rig.store, now: tick)
        self.inquiry = inquiry
        let (posted, post) = AsyncStream.makeStream(of: Void.self)
        self.posted = posted
        inquiry.results.onPost { post.yield() }
        reconcile = Reconcile(store: rig.store, inquiry: inquiry, concurrency: concurrency, logger: .silent)
    }

    /// One step; what it asks goes on by itself.
    func step(at milliseconds: Int64) async throws -> Instant? { try reconcile.step(now: Instant(milliseconds: Life.start + milliseconds)) }

    /// Steps, waits for the answers and applies them, until nothing more is asked at this moment; then everything is told.
    func settle(at milliseconds: Int64) async throws {
        rig.now = Life.start + milliseconds
        var results = posted.makeAsyncIterator()
        while true {
            _ = try await step(at: milliseconds)
            guard reconcile.inFlight > 0 else { break }
            await results.next()
            try rig.applyAll()
        }
        try rig.notifyAll()
    }
}

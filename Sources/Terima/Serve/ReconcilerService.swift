import PPRO
import PaymentCore
import ServiceLifecycle
import Worker

/// Asks PPRO until the stop, then breaks off.
struct ReconcilerService: Service {
    let reconciler: Reconciler
    let client: PPROClient
    /// When terima was last known to run.
    let lastAlive: Instant?

    func run() async throws {
        reconciler.start(lastAlive: lastAlive)
        try? await gracefulShutdown()
        await reconciler.stop()
        await client.shutdown()
    }
}

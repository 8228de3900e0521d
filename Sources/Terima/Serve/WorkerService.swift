import ServiceLifecycle
import Worker

/// Applies and delivers until the stop, then waits a while for the attempts under way.
struct WorkerService: Service {
    let worker: Worker
    let client: HTTPSender
    /// It never begins.
    let isHeld: Bool
    let stopMilliseconds: Int64

    func run() async throws {
        if !isHeld { worker.start() }
        try? await gracefulShutdown()
        await withCheckedContinuation { (stopped: CheckedContinuation<Void, Never>) in
            worker.stop(within: stopMilliseconds) { stopped.resume() }
        }
        await client.shutdown()
    }
}

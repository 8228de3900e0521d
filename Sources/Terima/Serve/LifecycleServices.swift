import Receiver
import ServiceLifecycle
import Worker

/// Takes webhooks until the stop, then finishes the requests under way.
struct ReceiverService: Service {
    let receiver: ReceiverServer

    func run() async throws {
        try? await gracefulShutdown()
        try await receiver.stop()
    }
}

/// Applies and delivers until the stop, then waits a while for the attempts under way.
struct WorkerService: Service {
    let worker: Worker
    let client: HTTPSender
    let stopMilliseconds: Int64

    func run() async throws {
        worker.start()
        try? await gracefulShutdown()
        await withCheckedContinuation { (stopped: CheckedContinuation<Void, Never>) in
            worker.stop(within: stopMilliseconds) { stopped.resume() }
        }
        await client.shutdown()
    }
}

/// Lets nobody wait for events any more once the service stops.
struct FeedService: Service {
    let feed: EventFeed

    func run() async throws {
        await withGracefulShutdownHandler {
            try? await gracefulShutdown()
        } onGracefulShutdown: {
            feed.close()
        }
    }
}

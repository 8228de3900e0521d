import Receiver
import ServiceLifecycle

/// Takes webhooks until the stop, then finishes the requests under way.
struct ReceiverService: Service {
    let receiver: ReceiverServer

    func run() async throws {
        try? await gracefulShutdown()
        try await receiver.stop()
    }
}

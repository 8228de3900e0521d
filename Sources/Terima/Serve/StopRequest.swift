import ServiceLifecycle

/// Ends the service from within the process, as SIGTERM does from outside.
struct StopRequest: Service {
    private let requests: AsyncStream<Void>
    private let request: AsyncStream<Void>.Continuation

    init() { (requests, request) = AsyncStream.makeStream(of: Void.self) }

    /// Any thread; again is nothing.
    func stop() { request.finish() }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in requests {}
        }
    }
}

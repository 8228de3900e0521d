import ServiceLifecycle

/// Lets nobody wait any more once the service stops.
struct FeedService: Service {
    let feed: ChangeFeed

    func run() async throws {
        await withGracefulShutdownHandler {
            try? await gracefulShutdown()
        } onGracefulShutdown: {
            feed.close()
        }
    }
}

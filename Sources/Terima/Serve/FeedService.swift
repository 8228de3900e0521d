import ServiceLifecycle

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

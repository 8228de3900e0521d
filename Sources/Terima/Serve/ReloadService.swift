import ServiceLifecycle
import UnixSignals

/// Reads secrets and certificate again at SIGHUP, and the certificate when its files have changed.
struct ReloadService: Service {
    let reload: Reload
    let request: ReloadRequest
    let watchesFiles: Bool
    /// Called after each time that secrets were read again, or could not be.
    let onReloaded: @Sendable () -> Void

    /// A change is taken up at the second look that sees it.
    private static let interval = Duration.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sighup) { request.ask(.secrets) }
                }
                if watchesFiles {
                    group.addTask {
                        while (try? await Task.sleep(for: Self.interval)) != nil { request.ask(.look) }
                    }
                }
                for await wish in request.wishes {
                    switch wish {
                    case .look: await reload.look()
                    case .secrets:
                        await reload.secrets()
                        onReloaded()
                    }
                }
                group.cancelAll()
            }
        }
    }
}

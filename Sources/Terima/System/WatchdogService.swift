import Dispatch
import Logging
import ServiceLifecycle

/// Looks at a steady pace whether the service makes progress, and tells systemd so, with a line for `systemctl status`.
struct WatchdogService: Service {
    let notify: NotifySocket
    let watchdog: Watchdog
    let intervalMilliseconds: Int

    /// Without a watchdog of systemd's only the line is kept up to date.
    private static let calmMilliseconds: Int64 = 15_000

    /// - Parameters:
    ///   - patienceMicroseconds: systemd's; nil: it wants no sign of life.
    ///   - status: The line, made anew in each round.
    init(
        notify: NotifySocket, parts: [Watchdog.Part], patienceMicroseconds: Int64?, status: @escaping @Sendable () -> String, logger: Logger
    ) {
        self.notify = notify
        intervalMilliseconds = Self.intervalMilliseconds(patienceMicroseconds)
        watchdog = Watchdog(parts: parts) {
            notify.send((patienceMicroseconds == nil ? [] : ["WATCHDOG=1"]) + ["STATUS=\(Table.printable(status()))"])
        } onStuck: { names in
            guard !names.isEmpty else { return logger.notice("every part of terima makes progress again") }
            let stuck = names.joined(separator: ", ")
            // First: what holds them up may be the log.
            notify.send(["STATUS=Makes no progress: \(Table.printable(stuck))"])
            logger.error("a part of terima makes no progress; systemd is given no sign of life until it does", metadata: ["parts": "\(stuck)"])
        }
    }

    /// A quarter of systemd's patience, so that a sign of life comes within half of it as sd_watchdog_enabled(3) advises, and a stuck part is named before the end.
    static func intervalMilliseconds(_ patienceMicroseconds: Int64?) -> Int {
        Int(clamping: max(1, min(calmMilliseconds, (patienceMicroseconds ?? .max) / 4_000)))
    }

    func run() async throws {
        // A queue of its own: a timer on one of the parts would stand still together with it.
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "terima.watchdog"))
        timer.schedule(deadline: .now(), repeating: .milliseconds(intervalMilliseconds))
        timer.setEventHandler { [watchdog] in watchdog.tick() }
        timer.activate()
        try? await gracefulShutdown()
        timer.cancel()
    }
}

/// Tells systemd at once that the stop has begun.
struct StopNotice: Service {
    let notify: NotifySocket

    func run() async throws {
        try? await gracefulShutdown()
        notify.send(["STOPPING=1", "STATUS=Finishing what is under way"])
    }
}

import EventStore
import Logging
import PaymentCore
import ServiceLifecycle

/// Looks every 15 seconds whether an alarm about money was raised or is over, and puts that into the log. Some are brought by time alone, so nothing wakes it.
actor AlarmWatch: Service {
    private let readers: ReaderPool
    private let rules: AlarmRules
    private let live: LiveState
    private let now: @Sendable () -> Instant
    private let logger: Logger
    private var log = AlarmLog()

    private static let interval = Duration.seconds(15)

    init(readers: ReaderPool, rules: AlarmRules, live: LiveState, now: @escaping @Sendable () -> Instant, logger: Logger) {
        (self.readers, self.rules, self.live, self.now, self.logger) = (readers, rules, live, now, logger)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.look()
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Once. A database that cannot be read has its own alarms.
    func look() async {
        let (rules, now, signOfLife, asksPPRO) = (rules, now(), live.signOfLife, live.reconciler != nil)
        let report = try? await readers.read { reader in
            try AlarmReport.read(reader, rules, limit: AlarmLog.toldOneByOne, now: now, signOfLife: signOfLife, asksPPRO: asksPPRO)
        }
        if let report { log.take(report, logger) }
    }
}

import ArgumentParser
import Glibc
import Logging

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the service: receive webhooks, apply them, tell the shop.",
        discussion: """
            SIGHUP reads the files of secrets and certificates again. Stops orderly on SIGTERM or SIGINT within 10 seconds. Exit code 74 means that the
            disk failed for good; start it again.
            Under systemd it takes the listening socket of terima.socket, tells systemd when it is ready and that it goes on, and logs with priorities.

            EXAMPLE:
              TERIMA_DATABASE=/var/lib/terima/terima.db TERIMA_SIGNING_SECRETS_FILE=/etc/terima/ppro.secret \\
              TERIMA_ENDPOINTS=shop TERIMA_ENDPOINT_SHOP_URL=http://127.0.0.1:9000/payments TERIMA_ENDPOINT_SHOP_SECRET_FILE=/etc/terima/shop.secret \\
              terima serve
            """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "Replay failed events and dead deliveries once at start.") var replayFailed = false
    @Flag(
        help: """
            Receive and store only: apply nothing, tell nobody, ask nobody. For a while in which the shop must not be disturbed; what was received is worked off
            after the next start without this.
            """) var receiveOnly = false

    func run() async throws {
        try await runCommand {
            // Until it is listened to, a reload asked for too early is nothing; it must not end the process.
            signal(SIGHUP, SIG_IGN)
            let configuration = try await common.configuration()
            guard !configuration.signingSecrets.isEmpty else {
                throw ConfigurationError(
                    .missing, key: Setting.signingSecrets.key.environment, "must be set (or its _FILE variant): without it no webhook can be verified")
            }
            guard configuration.socketPath.utf8.count < 104 else {
                throw ConfigurationError(
                    .badValue, key: Setting.database.key.environment, "the path is too long for the Unix socket beside it (at most 99 bytes)")
            }
            // Database, lock and socket are for this user alone, and nothing is executable: a socket would be (0700).
            umask(0o177)
            let isJournal = Journal.isBehindStandardError
            LoggingSystem.bootstrap {
                LineLogHandler(label: $0, level: configuration.logLevel, format: configuration.logFormat, isJournal: isJournal, now: WallClock.now)
            }
            let logger = Logger(label: "terima")
            let environment = ProcessEnvironment.variables
            let systemd = try Systemd(environment: environment, processId: getpid(), logger: logger)
            var service = RunningService(configuration: configuration, logger: logger, systemd: systemd, receivesOnly: receiveOnly)
            service.load = { [config = common.config] in try await ServiceConfiguration.load(environment: environment, configFile: config) }
            try await service.run(replayFailed: replayFailed)
        }
    }
}

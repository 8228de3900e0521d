import Logging
import NIOPosix
import PPRO
import PaymentCore

/// How a command reaches PPRO's API.
enum RemoteAccess {
    /// Opens a client, runs the body, and closes it again.
    /// - Throws: `ConfigurationError` when no API is configured.
    static func with<Result>(_ configuration: ServiceConfiguration, _ body: (PPROClient) async throws -> Result) async throws -> Result {
        guard let settings = configuration.ppro else {
            throw ConfigurationError(
                .missing, key: Setting.pproURL.key.environment,
                "must be set, with \(Setting.pproKey.key.environment) and \(Setting.pproMerchantId.key.environment): this command asks PPRO's API")
        }
        let client = PPROClient(
            settings: settings, group: MultiThreadedEventLoopGroup.singleton, now: WallClock.now,
            logger: Logger(label: "ppro") { _ in SwiftLogNoOpLogHandler() })
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }
}

extension CommandFailure {
    /// An error of PPRO's API as a command ends with it.
    init(_ error: AuthorityError) {
        let code: Code =
            switch error.code {
            case "unauthorized": .configuration
            case "invalid_order", "refused": .usage
            default: .unavailable
            }
        self.init(code, "PPRO: \(error.message) (\(error.code))")
    }
}

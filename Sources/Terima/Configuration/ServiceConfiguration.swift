package import EventStore
package import Logging
package import NIOSSL
package import PPRO
package import PaymentCore
package import Receiver

/// Everything `terima serve` needs to know, checked: a value of this type can be used as it is.
package struct ServiceConfiguration: Sendable {
    package enum LogFormat: String, Sendable, CaseIterable { case text, json }

    package var database: String
    package var listen: ListenAddress
    /// nil: webhooks are received over plain HTTP. The files are not read yet.
    package var tls: TLSFiles?
    package var trustedProxies: TrustedProxies
    package var apiListen: ListenAddress
    /// nil: the operator API is reachable through the Unix socket only.
    package var apiToken: String?
    /// Empty is refused by `serve`; the other commands do not need them.
    package var signingSecrets: [SigningSecret]
    package var legacySignature: LegacySignature
    package var signatureTolerance: SignatureTolerance
    /// Of the receiver.
    package var requestLimits: RequestLimits
    /// Without secrets where none were read.
    package var endpoints: [Endpoint]
    /// By endpoint, where it has some of its own: who vouches for its certificate. The system's authorities for all others.
    package var authorities: [String: [NIOSSLCertificate]]
    package var endpointConcurrency: Int
    package var attemptTimeoutMilliseconds: Int64
    package var retrySchedule: RetrySchedule
    /// PPRO's API; nil: it is not configured, and nobody is asked.
    package var ppro: PPROSettings?
    /// Whether the service asks PPRO's API: known also where `ppro` is nil because no secrets were read.
    package var asksPPRO: Bool
    /// How long bodies are kept, in milliseconds.
    package var retentionMilliseconds: Int64
    package var alarmRules: AlarmRules
    package var logLevel: Logger.Level
    package var logFormat: LogFormat
    /// Where each setting came from, for `terima check`; settings not listed have their default.
    package var origins: [Setting: String]
    /// The files from which secrets were read.
    package var secretFiles: [String]
    /// What was written there; secrets are left out.
    package var texts: [Setting: String]

    /// The operator API's Unix socket, beside the database.
    package var socketPath: String { Self.socketPath(database: database) }

    package static func socketPath(database: String) -> String { database + ".sock" }
}

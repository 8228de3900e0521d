import Logging
import NIOSSL
import PPRO
import PaymentCore
import Receiver
import Worker

/// Takes new secrets and certificates into the running service. All of it is read and checked before any of it is taken; with one fault everything stays
/// as it was. Nothing else of the configuration changes without a restart.
actor Reload {
    /// Who holds secrets and certificates.
    struct Holders: Sendable {
        var receiver: ReceiverServer
        var worker: Worker
        var sender: HTTPSender
        /// nil when PPRO's API is not configured, or is not asked.
        var ppro: PPROClient?
        /// nil without an API token at the start.
        var token: BearerToken?
    }

    /// As of the start.
    private let configuration: ServiceConfiguration
    private let load: @Sendable () async throws -> ServiceConfiguration
    private let holders: Holders
    private let now: @Sendable () -> Instant
    private let logger: Logger
    private var watch: FileWatch

    /// - Parameters:
    ///   - configuration: What the service was started with.
    ///   - load: Reads the configuration as it is now.
    ///   - stamps: Of the certificate's files, from before they were read.
    init(
        _ configuration: ServiceConfiguration, load: @escaping @Sendable () async throws -> ServiceConfiguration, holders: Holders,
        stamps: [FileWatch.Stamp?], now: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        (self.configuration, self.load, self.holders, self.now, self.logger) = (configuration, load, holders, now, logger)
        watch = FileWatch(stamps)
    }

    static func stamps(of files: TLSFiles?) -> [FileWatch.Stamp?] { files?.all.map { FileWatch.Stamp.of($0.path) } ?? [] }

    /// Reads everything again.
    func secrets() async {
        do {
            watch.take(Self.stamps(of: configuration.tls))
            let next = try await load()
            guard !next.signingSecrets.isEmpty else {
                throw ConfigurationError(
                    .missing, key: next.origins[.signingSecrets] ?? Setting.signingSecrets.key.environment, "there is no secret in it any more")
            }
            let identity = try configuration.tls?.read()
            await take(next, identity)
        } catch {
            refuse("secrets cannot be read again, those from before stay in use", error)
        }
    }

    /// Reads the certificate's files again if they have changed and are at rest.
    func look() {
        guard let files = configuration.tls, watch.look(Self.stamps(of: files)) else { return }
        do {
            take(try files.read())
        } catch {
            refuse("the changed TLS files cannot be used, the certificate from before stays in use", error)
        }
    }

    private func take(_ next: ServiceConfiguration, _ identity: TLSIdentity?) async {
        holders.receiver.replaceVerifier(
            SignatureVerifier(secrets: next.signingSecrets, legacy: configuration.legacySignature, tolerance: configuration.signatureTolerance))
        let ours = next.endpoints.filter { endpoint in configuration.endpoints.contains { $0.name == endpoint.name } }
        let secrets = Dictionary(ours.map { ($0.name, $0.secrets) }, uniquingKeysWith: { first, _ in first })
        await withCheckedContinuation { done in holders.worker.replaceSecrets(secrets) { done.resume() } }
        holders.sender.replaceAuthorities(authorities(next))
        if let token = next.apiToken { holders.token?.replace(with: token) }
        if let key = next.ppro?.key { holders.ppro?.replaceKey(key) }
        logger.notice(
            "secrets were read again",
            metadata: [
                "signing_secrets": "\(next.signingSecrets.count)",
                "endpoint_secrets": "\(ours.map { "\($0.name):\($0.secrets.count)" }.joined(separator: ","))",
            ])
        if let identity { take(identity) }
        let differing = differences(next)
        guard !differing.isEmpty else { return }
        logger.warning("other settings have changed, too; they are taken at the next start", metadata: ["settings": "\(differing.joined(separator: ","))"])
    }

    /// Those of an endpoint that is told under the same address as before; with a new one they are taken together, at the next start.
    private func authorities(_ next: ServiceConfiguration) -> [String: [NIOSSLCertificate]] {
        let same = Set(configuration.endpoints.filter { old in next.endpoints.contains { $0.name == old.name && $0.url == old.url } }.map(\.name))
        return next.authorities.filter { same.contains($0.key) }.merging(configuration.authorities.filter { !same.contains($0.key) }) { new, _ in new }
    }

    private func take(_ identity: TLSIdentity) {
        holders.receiver.replaceIdentity(identity)
        let validity = CertificateValidity(identity, now: now())
        logger.log(level: validity.state == .good ? .notice : .warning, "TLS files were read again: \(validity.sentence)")
    }

    private func refuse(_ sentence: Logger.Message, _ error: any Error) {
        let code = (error as? ConfigurationError)?.code.rawValue ?? "unexpected"
        logger.error(sentence, metadata: ["code": "\(code)", "error": "\(error)"])
    }

    /// What is configured otherwise than at the start and is no secret.
    private func differences(_ next: ServiceConfiguration) -> [String] {
        var names = Setting.allCases.filter { $0 != .endpoints && configuration.texts[$0] != next.texts[$0] }.map(\.rawValue)
        if (configuration.apiToken == nil) != (next.apiToken == nil) { names.append(Setting.apiToken.rawValue) }
        if (configuration.ppro == nil) != (next.ppro == nil) { names.append(Setting.pproKey.rawValue) }
        if configuration.endpoints.map(\.name) != next.endpoints.map(\.name) { names.append(Setting.endpoints.rawValue) }
        for endpoint in next.endpoints {
            guard let old = configuration.endpoints.first(where: { $0.name == endpoint.name }) else { continue }
            if old.url != endpoint.url || old.patterns != endpoint.patterns { names.append("endpoint \(endpoint.name)") }
        }
        return names
    }
}

package import PaymentCore

/// All that a run of the stand-in is told.
package struct ProviderSettings: Sendable {
    package var rules: ProviderRules
    /// What clients have to bear.
    package var key: ProviderKey
    /// For the API's reads and for its writes, each.
    package var limit: RateLimit
    /// How many of the API's requests fail, from 0 to 1: half of them before anything is done, half after all of it.
    package var failRate: Double
    /// Waited before every answer of the API, also of one that refuses.
    package var latencyMilliseconds: Int64
    package var trouble: WebhookTrouble
    package var delays: RetryDelays
    /// Decides all trouble on demand: the same requests in the same order meet the same trouble.
    package var seed: UInt64
    /// Decides every id. It is no part of what makes a run repeatable: see `ProviderBook.init`.
    package var idSeed: UInt64
    /// `http://host:port` before the wallet page's path; nil: as the client that creates a charge calls this server.
    package var publicUrl: String?
    /// A SQLite file that keeps charges, idempotency keys and webhooks still to be sent; nil: all is forgotten at the end.
    package var stateFile: String?
    package var signingSecret: SigningSecret
    package var scheme: WebhookSender.Scheme

    package init(
        rules: ProviderRules = ProviderRules(), key: ProviderKey, signingSecret: SigningSecret, scheme: WebhookSender.Scheme = .current,
        limit: RateLimit = RateLimit(), failRate: Double = 0, latencyMilliseconds: Int64 = 0, trouble: WebhookTrouble = WebhookTrouble(),
        delays: RetryDelays = RetryDelays(), seed: UInt64, idSeed: UInt64 = .random(in: .min ... .max), publicUrl: String? = nil,
        stateFile: String? = nil
    ) {
        self.rules = rules
        self.key = key
        self.signingSecret = signingSecret
        self.scheme = scheme
        self.limit = limit
        self.failRate = failRate
        self.latencyMilliseconds = latencyMilliseconds
        self.trouble = trouble
        self.delays = delays
        self.seed = seed
        self.idSeed = idSeed
        self.publicUrl = publicUrl
        self.stateFile = stateFile
    }
}

/// The API's bearer key. Its text cannot be read back.
package struct ProviderKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    package init(_ text: String) { bytes = Array(text.utf8) }

    package var description: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Whether an `Authorization` header bears it. The scheme's case does not matter (RFC 9110, section 11.1).
    func isBorne(by authorization: String?) -> Bool {
        let scheme = "bearer "
        guard let authorization, authorization.lowercased().hasPrefix(scheme) else { return false }
        return ConstantTime.areEqual(Array(authorization.utf8.dropFirst(scheme.utf8.count)), bytes)
    }
}

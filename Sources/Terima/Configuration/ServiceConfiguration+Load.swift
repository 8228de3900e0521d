import EventStore
import Logging
import NIOCore
import PPRO
import PaymentCore
import Receiver

extension ServiceConfiguration {
    /// Reads and checks the whole configuration.
    /// - Parameter readsSecrets: false leaves all secrets out, and does not ask for those that are missing: for commands that need none, since whoever runs them
    ///   outside of the service's unit has none of its credentials.
    /// - Throws: `ConfigurationError` naming the key; unknown keys are refused so that a misspelt one cannot go unnoticed.
    package static func load(environment: [String: String], configFile: String?, readsSecrets: Bool = true) async throws -> ServiceConfiguration {
        try ServiceConfiguration(from: try await ConfigurationSources(environment: environment, configFile: configFile, readsSecrets: readsSecrets))
    }

    private init(from sources: ConfigurationSources) throws {
        var reader = SettingReader(sources: sources)
        let names = try Self.endpointNames(sources, &reader)
        try sources.refuseUnknownKeys(endpoints: names)
        database = try reader.value(.database) { $0.isEmpty || $0.utf8.contains(0) ? nil : $0 }
        listen = try reader.value(.listen, ListenAddress.init)
        tls = try Self.tls(&reader)
        trustedProxies = TrustedProxies(try reader.list(.trustedProxies, AddressRange.init))
        apiListen = try reader.value(.apiListen, ListenAddress.init)
        apiToken = try reader.optional(.apiToken) { $0.utf8.count >= 16 && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? $0 : nil }
        signingSecrets = try reader.list(.signingSecrets, SigningSecret.init)
        legacySignature = try reader.value(.legacySignature, LegacySignature.init(rawValue:))
        signatureTolerance = SignatureTolerance(
            backMilliseconds: try reader.duration(.signatureTolerance, 60_000...31_536_000_000),
            aheadMilliseconds: try reader.duration(.signatureToleranceAhead, 1_000...86_400_000))
        requestLimits = try Self.requestLimits(&reader)
        endpointConcurrency = try reader.number(.endpointConcurrency, 1...256)
        attemptTimeoutMilliseconds = try reader.duration(.attemptTimeout, 100...300_000)
        let delays = try reader.list(.retrySchedule) { text in DurationText.parse(text).flatMap { (1...604_800_000).contains($0) ? $0 : nil } }
        guard (1...64).contains(delays.count) else { throw reader.bad(.retrySchedule) }
        retrySchedule = RetrySchedule(delays: delays)
        ppro = try Self.ppro(&reader)
        asksPPRO = reader.origins[.pproURL] != nil
        alarmRules = AlarmRules(
            untold: try reader.duration(.untoldAlarm, 1_000...2_592_000_000), silence: try reader.duration(.silenceAlarm, 1_000...2_592_000_000),
            endpoints: names)
        retentionMilliseconds = try reader.duration(.retention, 86_400_000...315_360_000_000)
        logLevel = try reader.value(.logLevel, Logger.Level.init(rawValue:))
        logFormat = try reader.value(.logFormat, LogFormat.init(rawValue:))
        endpoints = try names.map { try Self.endpoint($0, sources) }
        authorities = try Self.authorities(endpoints, sources)
        (origins, texts) = (reader.origins, reader.texts)
        secretFiles = try (tls.map { [$0.key.path] } ?? []) + reader.secretFiles + names.compactMap { try sources.value(.endpoint($0, .secret))?.path }
    }

    /// Certificate and key, or neither; an authority of clients only with them.
    private static func tls(_ reader: inout SettingReader) throws -> TLSFiles? {
        func file(_ setting: Setting) throws -> TLSFiles.File? {
            let path = try reader.optional(setting) { $0.isEmpty || $0.utf8.contains(0) ? nil : $0 }
            return path.map { TLSFiles.File(path: $0, origin: reader.origins[setting] ?? setting.key.environment) }
        }
        let (certificate, key, authorities) = (try file(.tlsCertificateFile), try file(.tlsKeyFile), try file(.tlsClientCAFile))
        if certificate == nil && key == nil && authorities == nil { return nil }
        func missing(_ setting: Setting) -> ConfigurationError {
            ConfigurationError(.missing, key: setting.key.environment, "must be set: TLS needs certificate and key, and only a part of them is there")
        }
        guard let certificate else { throw missing(.tlsCertificateFile) }
        guard let key else { throw missing(.tlsKeyFile) }
        return TLSFiles(certificate: certificate, key: key, clientAuthorities: authorities)
    }

    private static func requestLimits(_ reader: inout SettingReader) throws -> RequestLimits {
        var limits = RequestLimits(maximumBodyBytes: try reader.number(.maximumBody, 65_536...16_777_216))
        limits.maximumConnections = try reader.number(.maximumConnections, 1...65_536)
        limits.maximumHeaderBytes = try reader.number(.maximumHeader, 4_096...1_048_576)
        limits.maximumHeaderFieldBytes = try reader.number(.maximumHeaderField, 1_024...65_536)
        limits.maximumHeaderFields = try reader.number(.maximumHeaderFields, 16...1_024)
        limits.maximumDrainBytes = try reader.number(.maximumDrain, 16_384...1_048_576)
        limits.headerTimeout = .milliseconds(try reader.duration(.headerTimeout, 1_000...600_000))
        limits.requestTimeout = .milliseconds(try reader.duration(.requestTimeout, 1_000...600_000))
        limits.idleTimeout = .milliseconds(try reader.duration(.idleTimeout, 1_000...600_000))
        return limits
    }

    /// PPRO's API: all of it or nothing. A part without the others is a mistake that would show only when PPRO has to be asked.
    private static func ppro(_ reader: inout SettingReader) throws -> PPROSettings? {
        let rate = try reader.number(.pproRate, 1...50)
        let url = try reader.optional(.pproURL) { $0 }
        let key = try reader.optional(.pproKey, PPROKey.init)
        let merchantId = try reader.optional(.pproMerchantId) { $0 }
        if !reader.sources.readsSecrets || (url == nil && key == nil && merchantId == nil) { return nil }
        func missing(_ setting: Setting) -> ConfigurationError {
            ConfigurationError(
                .missing, key: setting.key.environment, "must be set: PPRO's API needs URL, key and merchant id, and only a part of them is there")
        }
        guard let url else { throw missing(.pproURL) }
        guard let key else { throw missing(.pproKey) }
        guard let merchantId else { throw missing(.pproMerchantId) }
        do {
            var settings = try PPROSettings(baseURL: url, key: key, merchantId: merchantId)
            settings.requestsPerSecond = rate
            return settings
        } catch {
            let setting: Setting = error == .merchantId ? .pproMerchantId : .pproURL
            throw ConfigurationError(.badValue, key: reader.origins[setting] ?? setting.key.environment, error.description)
        }
    }

    /// The endpoints' names: listed under `endpoints`, or (in the file) the keys of that mapping.
    private static func endpointNames(_ sources: ConfigurationSources, _ reader: inout SettingReader) throws -> [String] {
        var names = try reader.list(.endpoints) { $0 }
        var origin = reader.origins[.endpoints] ?? Setting.endpoints.key.environment
        if names.isEmpty {
            names = Set(sources.fileKeys.filter { $0.first == "endpoints" && $0.count > 1 }.map { $0[1] }).sorted()
            if let path = sources.filePath, !names.isEmpty { origin = "endpoints in \(path)" }
        }
        for name in names where !isEndpointName(name) {
            throw ConfigurationError(.badValue, key: origin, "an endpoint's name is 1 to 32 of a-z, 0-9, - and _, beginning with a letter")
        }
        let variables = names.map { SettingKey.endpoint($0, .url).environment }
        guard Set(variables).count == names.count else {
            throw ConfigurationError(.badValue, key: origin, "two endpoints have the same name, or names that differ only in - and _")
        }
        return names
    }

    private static func isEndpointName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (97...122).contains(first), name.utf8.count <= 32 else { return false }
        return name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func endpoint(_ name: String, _ sources: ConfigurationSources) throws -> Endpoint {
        let urlKey = SettingKey.endpoint(name, .url)
        guard let url = try sources.value(urlKey) else {
            throw ConfigurationError(.missing, key: urlKey.environment, "the endpoint \(name) needs a URL, e.g. http://127.0.0.1:9000/payments")
        }
        guard EndpointURL.isUsable(url.text) else {
            throw ConfigurationError(.badValue, key: url.origin, "must be an http:// or https:// URL with a host and without user, password or fragment")
        }
        let secrets = sources.readsSecrets ? try secrets(name, sources) : []
        let events = try sources.value(.endpoint(name, .events))
        let patterns = events.map(SettingReader.items) ?? ["*"]
        let parsed = try patterns.map { text in
            guard let pattern = EventPattern(text) else {
                throw ConfigurationError(.badValue, key: events?.origin ?? name, "patterns are event types with * for any run of characters, e.g. charge.*")
            }
            return pattern
        }
        return Endpoint(name: name, url: url.text, secrets: secrets, patterns: parsed)
    }

    private static func secrets(_ name: String, _ sources: ConfigurationSources) throws -> [EndpointSecret] {
        let key = SettingKey.endpoint(name, .secret)
        guard let found = try sources.value(key) else {
            throw ConfigurationError(.missing, key: key.environment, "the endpoint \(name) needs a signing secret; `terima keygen` makes one")
        }
        let secrets = try SettingReader.items(found).map { text in
            guard let secret = EndpointSecret(text) else {
                throw ConfigurationError(.badValue, key: found.origin, "must be whsec_ and 24 to 64 bytes in base64; `terima keygen` makes one")
            }
            return secret
        }
        guard !secrets.isEmpty else { throw ConfigurationError(.missing, key: found.origin, "there is no secret in it") }
        return secrets
    }
}

/// Reads single settings, remembering where each came from.
struct SettingReader {
    let sources: ConfigurationSources
    private(set) var origins: [Setting: String] = [:]
    private(set) var texts: [Setting: String] = [:]
    private(set) var secretFiles: [String] = []

    init(sources: ConfigurationSources) { self.sources = sources }

    mutating func optional<Value>(_ setting: Setting, _ parse: (String) -> Value?) throws -> Value? {
        guard let found = try find(setting) else { return nil }
        guard let value = parse(Self.trimmed(found.text)) else { throw bad(setting) }
        return value
    }

    mutating func value<Value>(_ setting: Setting, _ parse: (String) -> Value?) throws -> Value {
        guard let value = try optional(setting, parse) else { throw ConfigurationError(.missing, key: setting.key.environment, "must be set") }
        return value
    }

    mutating func list<Value>(_ setting: Setting, _ parse: (String) -> Value?) throws -> [Value] {
        guard let found = try find(setting) else { return [] }
        return try Self.items(found).map { item in
            guard let value = parse(item) else { throw bad(setting) }
            return value
        }
    }

    mutating func duration(_ setting: Setting, _ range: ClosedRange<Int64>) throws -> Int64 {
        try value(setting) { text in DurationText.parse(text).flatMap { range.contains($0) ? $0 : nil } }
    }

    mutating func number(_ setting: Setting, _ range: ClosedRange<Int>) throws -> Int {
        try value(setting) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
    }

    /// The error for a value of the wrong form. It tells what is right and never repeats what was there: it may be a secret.
    func bad(_ setting: Setting) -> ConfigurationError {
        var right = "must be \(setting.type)"
        if let range = setting.range { right += ", \(range)" }
        if let standard = setting.standard { right += ", e.g. \(standard)" }
        return ConfigurationError(.badValue, key: origins[setting] ?? setting.key.environment, right)
    }

    /// The items of a list: separated by commas, or by lines in a file; empty items are none.
    static func items(_ found: ConfigurationSources.Found) -> [String] {
        found.text.split { $0 == "," || $0.isNewline }.map(trimmed).filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }), let last = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(text[first...last])
    }

    private mutating func find(_ setting: Setting) throws -> ConfigurationSources.Found? {
        if let found = try sources.value(setting.key) {
            origins[setting] = found.origin
            if !setting.isSecret { texts[setting] = found.text }
            if let path = found.path { secretFiles.append(path) }
            return found
        }
        return setting.standard.map { ConfigurationSources.Found(text: $0, origin: "default") }
    }
}

/// Every key terima can be configured with. The table of the README and `terima check` are made from this list, and a key that is not in it is refused.
package enum Setting: String, CaseIterable, Sendable {
    case database, listen
    case tlsCertificateFile = "tls_certificate_file"
    case tlsKeyFile = "tls_key_file"
    case tlsClientCAFile = "tls_client_ca_file"
    case trustedProxies = "trusted_proxies"
    case apiListen = "api_listen"
    case apiToken = "api_token"
    case signingSecrets = "signing_secrets"
    case legacySignature = "legacy_signature"
    case signatureTolerance = "signature_tolerance"
    case signatureToleranceAhead = "signature_tolerance_ahead"
    case maximumBody = "maximum_body"
    case maximumConnections = "maximum_connections"
    case maximumHeader = "maximum_header"
    case maximumHeaderField = "maximum_header_field"
    case maximumHeaderFields = "maximum_header_fields"
    case maximumDrain = "maximum_drain"
    case headerTimeout = "header_timeout"
    case requestTimeout = "request_timeout"
    case idleTimeout = "idle_timeout"
    case endpoints
    case endpointConcurrency = "endpoint_concurrency"
    case attemptTimeout = "attempt_timeout"
    case retrySchedule = "retry_schedule"
    case pproURL = "ppro_url"
    case pproKey = "ppro_key"
    case pproMerchantId = "ppro_merchant_id"
    case pproRate = "ppro_rate"
    case silenceAlarm = "silence_alarm"
    case untoldAlarm = "untold_alarm"
    case retention
    case logLevel = "log_level"
    case logFormat = "log_format"

    /// What a value must look like, in the words of the documentation.
    package var type: String {
        switch self {
        case .database, .tlsCertificateFile, .tlsKeyFile, .tlsClientCAFile: "path"
        case .listen, .apiListen: "host:port"
        case .trustedProxies: "list of addresses"
        case .apiToken: "secret, at least 16 characters"
        case .signingSecrets: "list of secrets"
        case .legacySignature: "accept, refuse"
        case .signatureTolerance, .signatureToleranceAhead, .attemptTimeout, .silenceAlarm, .untoldAlarm, .retention, .headerTimeout, .requestTimeout,
            .idleTimeout:
            "duration"
        case .maximumBody, .maximumHeader, .maximumHeaderField, .maximumDrain: "bytes"
        case .maximumConnections, .maximumHeaderFields, .endpointConcurrency, .pproRate: "number"
        case .endpoints: "list of names"
        case .retrySchedule: "list of durations"
        case .pproURL: "URL"
        case .pproKey: "secret"
        case .pproMerchantId: "id"
        case .logLevel: "trace, debug, info, notice, warning, error, critical"
        case .logFormat: "text, json"
        }
    }

    /// The value taken when nothing is configured, as text; nil where there is none.
    package var standard: String? {
        switch self {
        case .database: "/var/lib/terima/terima.db"
        case .listen: "127.0.0.1:8080"
        case .apiListen: "127.0.0.1:8081"
        case .tlsCertificateFile, .tlsKeyFile, .tlsClientCAFile, .trustedProxies: nil
        case .apiToken, .signingSecrets, .endpoints, .pproURL, .pproKey, .pproMerchantId: nil
        case .legacySignature: "accept"
        case .signatureTolerance: "72h"
        case .signatureToleranceAhead: "5m"
        case .maximumBody: "262144"
        case .maximumConnections: "1024"
        case .maximumHeader: "32768"
        case .maximumHeaderField: "8192"
        case .maximumHeaderFields: "64"
        case .maximumDrain: "65536"
        case .headerTimeout: "10s"
        case .requestTimeout: "15s"
        case .idleTimeout: "30s"
        case .endpointConcurrency: "16"
        case .attemptTimeout: "15s"
        case .retrySchedule: "1s,2s,5s,10s,30s,1m,2m,5m,10m,30m,1h,2h,4h,8h,12h,24h,24h"
        case .pproRate: "1"
        case .silenceAlarm: "30m"
        case .untoldAlarm: "10m"
        case .retention: "90d"
        case .logLevel: "info"
        case .logFormat: "text"
        }
    }

    /// The values accepted, where the type alone does not say it.
    package var range: String? {
        switch self {
        case .trustedProxies: "also ranges, e.g. 10.0.0.0/8"
        case .signatureTolerance: "1m to 365d"
        case .signatureToleranceAhead: "1s to 1d"
        case .maximumBody: "65536 to 16777216"
        case .maximumConnections: "1 to 65536"
        case .maximumHeader: "4096 to 1048576"
        case .maximumHeaderField: "1024 to 65536"
        case .maximumHeaderFields: "16 to 1024"
        case .maximumDrain: "16384 to 1048576"
        case .headerTimeout, .requestTimeout, .idleTimeout: "1s to 10m"
        case .endpointConcurrency: "1 to 256"
        case .attemptTimeout: "100ms to 5m"
        case .retrySchedule: "1 to 64 durations, each up to 7d"
        case .pproURL: "https, or http to this machine"
        case .pproRate: "1 to 50"
        case .silenceAlarm, .untoldAlarm: "1s to 30d"
        case .retention: "1d to 3650d"
        default: nil
        }
    }

    package var isSecret: Bool { self == .apiToken || self == .signingSecrets || self == .pproKey }

    /// One sentence for the documentation.
    package var summary: String {
        switch self {
        case .database: "The SQLite file. Lock (`.lock`), control socket (`.sock`) and 8 MiB of reserve (`.reserve`) lie beside it."
        case .listen: "Where webhooks are received."
        case .tlsCertificateFile: "PEM file with the receiver's certificate and its chain; with it and the key webhooks are received over TLS alone."
        case .tlsKeyFile: "PEM file with the certificate's private key, without a passphrase."
        case .tlsClientCAFile: "PEM file with authorities: only clients with a certificate of one of them are served, e.g. a proxy."
        case .trustedProxies: "Proxies whose `X-Forwarded-For` names the sender in the log of refusals; it never decides anything."
        case .apiListen: "Where the operator API listens; only used when there is an API token."
        case .apiToken: "Bearer token of the operator API. Without one there is only the Unix socket."
        case .signingSecrets: "The signing secrets agreed with PPRO; several while one is rotated."
        case .legacySignature: "Whether the old `Webhook-Signature` is still taken."
        case .signatureTolerance: "How old the signature's `t` may be. PPRO retries for 68 hours."
        case .signatureToleranceAhead: "How far `t` may lie ahead of this machine's clock."
        case .maximumBody: "Largest webhook body; over it 413."
        case .maximumConnections: "Most connections the receiver keeps open; further ones wait unaccepted."
        case .maximumHeader: "Largest header of a webhook request, trailers included; over it, or with 16 KiB of spaces and chunk framing more, 431."
        case .maximumHeaderField: "Longest name or value of a header field, and longest target; over it 431."
        case .maximumHeaderFields: "Most header fields of a webhook request, trailers included; over it 431."
        case .maximumDrain: "Most bytes still read after the last answer of a connection; then it is closed."
        case .headerTimeout: "Longest time from a request's first byte to the end of its header; over it 408."
        case .requestTimeout: "Longest time from a request's first byte to its last; over it 408."
        case .idleTimeout: "Longest silence between two requests; then the connection is closed."
        case .endpoints: "Names of the shop's endpoints. None is legal: events are stored and folded."
        case .endpointConcurrency: "Most notifications under way to one endpoint."
        case .attemptTimeout: "Longest time for one whole delivery attempt."
        case .retrySchedule: "Delays between the attempts of one delivery; after the last it is dead."
        case .pproURL: "PPRO's API, e.g. `https://api.eu.ppro.com`. Without it PPRO is never asked."
        case .pproKey: "Bearer key of PPRO's API."
        case .pproMerchantId: "Whose charges are asked for at PPRO's API, `merch_…`."
        case .pproRate: "Most requests a second to PPRO's API: its limits are shared with the shop."
        case .silenceAlarm: "Alarm when no webhook has come for so long while charges are open."
        case .untoldAlarm: "Alarm when a charge is paid and the shop has not been told for so long."
        case .retention: "How old the bodies may get that `terima purge` leaves."
        case .logLevel: "Least severe level that is logged."
        case .logFormat: "Log lines for people or for programs."
        }
    }

    package var key: SettingKey { SettingKey(environment: "TERIMA_" + rawValue.uppercased(), file: [rawValue], credential: rawValue, isSecret: isSecret) }
}

/// Where one value is looked up: the name of its environment variable, its path in the YAML file, its name in the credentials directory.
package struct SettingKey: Sendable, Equatable {
    package var environment: String
    package var file: [String]
    package var credential: String
    package var isSecret: Bool

    /// The keys of one endpoint: `TERIMA_ENDPOINT_<NAME>_URL` is `endpoints.<name>.url` in the file.
    package static func endpoint(_ name: String, _ part: EndpointPart) -> SettingKey {
        let environmentName = String(name.uppercased().map { $0 == "-" ? "_" : $0 })
        return SettingKey(
            environment: "TERIMA_ENDPOINT_\(environmentName)_\(part.rawValue.uppercased())", file: ["endpoints", name, part.rawValue],
            credential: "endpoint_\(String(name.map { $0 == "-" ? "_" : $0 }))_\(part.rawValue)", isSecret: part == .secret)
    }

    /// The same key for the path of a file that holds the value.
    package var fileVariant: SettingKey {
        SettingKey(environment: environment + "_FILE", file: file.dropLast() + [(file.last ?? "") + "_file"], credential: credential, isSecret: false)
    }

    package var yamlName: String { file.joined(separator: ".") }
}

/// What is configured for each endpoint.
package enum EndpointPart: String, CaseIterable, Sendable {
    case url, secret, events
    case caFile = "ca_file"
}

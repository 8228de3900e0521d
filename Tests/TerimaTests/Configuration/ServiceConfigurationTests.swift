import EventStore
import NIOCore
import PPRO
import PaymentCore
import Receiver
import Testing
import TestSupport

@testable import Terima

/// Configuration is where operators meet terima first: every mistake must name its key and say what is right, and no secret may leak.
@Suite struct ServiceConfigurationTests {
    private let secret = "whsec_" + Base64.encode([UInt8](repeating: 7, count: 32))

    private func load(_ environment: [String: String], file: String? = nil, readsSecrets: Bool = true) async throws -> ServiceConfiguration {
        // A file that is named must exist; without one the machine's own /etc/terima must not matter to the test.
        let directory = try TemporaryDirectory()
        let path = try directory.write(file ?? "", to: "terima.yaml")
        return try await ServiceConfiguration.load(environment: environment, configFile: path, readsSecrets: readsSecrets)
    }

    private func refusal(_ environment: [String: String], file: String? = nil) async -> ConfigurationError? {
        do {
            _ = try await load(environment, file: file)
            return nil
        } catch {
            return error as? ConfigurationError
        }
    }

    @Test func nothingConfiguredGivesTheDefaults() async throws {
        let configuration = try await load([:])
        #expect(configuration.database == "/var/lib/terima/terima.db")
        #expect(configuration.listen.description == "127.0.0.1:8080")
        #expect(configuration.apiListen.description == "127.0.0.1:8081")
        #expect(configuration.apiToken == nil)
        #expect(configuration.signingSecrets.isEmpty)
        #expect(configuration.legacySignature == .accept)
        #expect(configuration.signatureTolerance == SignatureTolerance())
        #expect(configuration.endpoints.isEmpty)
        #expect(configuration.retrySchedule == .standard)
        #expect(configuration.endpointConcurrency == 16)
        #expect(configuration.attemptTimeoutMilliseconds == 15_000)
        #expect(configuration.requestLimits.maximumBodyBytes == 262_144)
        #expect(configuration.requestLimits.maximumHeaderFields == 64)
        #expect(configuration.requestLimits.maximumHeaderBytes == 32_768)
        #expect(configuration.ppro == nil)
        #expect(configuration.alarmRules.silence == 1_800_000)
        #expect(configuration.alarmRules.untold == 600_000)
        #expect(configuration.socketPath == "/var/lib/terima/terima.db.sock")
    }

    @Test func tlsIsAllOrNothing() async throws {
        let all = [
            "TERIMA_TLS_CERTIFICATE_FILE": "/x/tls.pem", "TERIMA_TLS_KEY_FILE": "/x/tls.key", "TERIMA_TLS_CLIENT_CA_FILE": "/x/ca.pem",
            "TERIMA_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,::1",
        ]
        let configuration = try await load(all)
        #expect(configuration.tls?.all.map(\.path) == ["/x/tls.pem", "/x/tls.key", "/x/ca.pem"])
        // So that `check` looks at its mode.
        #expect(configuration.secretFiles == ["/x/tls.key"])
        for missing in ["TERIMA_TLS_CERTIFICATE_FILE", "TERIMA_TLS_KEY_FILE"] {
            let refusal = await refusal(all.filter { $0.key != missing })
            #expect(
                refusal?.description
                    == "configuration: \(missing): must be set: TLS needs certificate and key, and only a part of them is there (missing_value)")
        }
        #expect(await refusal(["TERIMA_TLS_CLIENT_CA_FILE": "/x/ca.pem"])?.key == "TERIMA_TLS_CERTIFICATE_FILE")
        #expect(try await load([:]).tls == nil)
        #expect(await refusal(["TERIMA_TRUSTED_PROXIES": "10.0.0.0/8,proxy.example"])?.key == "TERIMA_TRUSTED_PROXIES")
    }

    @Test func theEnvironmentSetsEverything() async throws {
        let configuration = try await load([
            "TERIMA_DATABASE": "/tmp/x.db", "TERIMA_LISTEN": "[::1]:9", "TERIMA_API_TOKEN": "0123456789abcdef", "TERIMA_SIGNING_SECRETS": "one, two",
            "TERIMA_LEGACY_SIGNATURE": "refuse", "TERIMA_SIGNATURE_TOLERANCE": "2h", "TERIMA_ENDPOINTS": "shop,back-office",
            "TERIMA_ENDPOINT_SHOP_URL": "http://127.0.0.1:9000/x", "TERIMA_ENDPOINT_SHOP_SECRET": "\(secret),\(secret)",
            "TERIMA_ENDPOINT_SHOP_EVENTS": "charge.*,agreement.*", "TERIMA_ENDPOINT_BACK_OFFICE_URL": "https://example.test/",
            "TERIMA_ENDPOINT_BACK_OFFICE_SECRET": secret, "TERIMA_RETRY_SCHEDULE": "1s,500ms", "TERIMA_LOG_FORMAT": "json", "PATH": "/bin",
        ])
        #expect(configuration.signingSecrets.count == 2)
        #expect(configuration.legacySignature == .refuse)
        #expect(configuration.signatureTolerance.backMilliseconds == 7_200_000)
        #expect(configuration.endpoints.map(\.name) == ["shop", "back-office"])
        #expect(configuration.endpoints.first?.secrets.count == 2)
        #expect(configuration.endpoints.first?.wants("charge.captured") == true)
        #expect(configuration.endpoints.first?.wants("ppro.REPORT_PROCESSED") == false)
        #expect(configuration.endpoints.last?.wants("ppro.REPORT_PROCESSED") == true)
        #expect(configuration.retrySchedule.delays == [1_000, 500])
        #expect(configuration.logFormat == .json)
    }

    @Test func theReceiversBoundsAreSet() async throws {
        let limits = try await load([
            "TERIMA_MAXIMUM_BODY": "65536", "TERIMA_MAXIMUM_CONNECTIONS": "2", "TERIMA_MAXIMUM_HEADER": "4096", "TERIMA_MAXIMUM_HEADER_FIELD": "1024",
            "TERIMA_MAXIMUM_HEADER_FIELDS": "16", "TERIMA_MAXIMUM_DRAIN": "16384", "TERIMA_HEADER_TIMEOUT": "1s", "TERIMA_REQUEST_TIMEOUT": "1500ms",
            "TERIMA_IDLE_TIMEOUT": "1m",
        ]).requestLimits
        #expect((limits.maximumBodyBytes, limits.maximumConnections) == (65_536, 2))
        #expect((limits.maximumHeaderBytes, limits.maximumHeaderFieldBytes, limits.maximumHeaderFields) == (4_096, 1_024, 16))
        #expect(limits.maximumDrainBytes == 16_384)
        #expect((limits.headerTimeout, limits.requestTimeout, limits.idleTimeout) == (.seconds(1), .milliseconds(1_500), .minutes(1)))
    }

    @Test func theFileSetsTheSameAndTheEnvironmentWins() async throws {
        let file = """
            listen: 127.0.0.1:1111
            api_listen: 127.0.0.1:2222
            signing_secrets: [one, two, three]
            endpoints:
              shop:
                url: http://127.0.0.1:9000/
                secret: \(secret)
                events: [charge.*]
            """
        let configuration = try await load(["TERIMA_LISTEN": "127.0.0.1:3333"], file: file)
        #expect(configuration.listen.port == 3_333)
        #expect(configuration.origins[.listen] == "TERIMA_LISTEN")
        #expect(configuration.apiListen.port == 2_222)
        #expect(configuration.signingSecrets.count == 3)
        #expect(configuration.endpoints.map(\.name) == ["shop"])
        #expect(configuration.endpoints.first?.wants("agreement.active") == false)
    }

    @Test func secretsComeFromFilesAndCredentials() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("from-a-file\nsecond\n", to: "ppro.secret")
        #expect(try await load(["TERIMA_SIGNING_SECRETS_FILE": path]).signingSecrets.count == 2)

        _ = try directory.write("from-systemd\n", to: "signing_secrets")
        _ = try directory.write(secret + "\n", to: "endpoint_shop_secret")
        let configuration = try await load([
            "CREDENTIALS_DIRECTORY": directory.path, "TERIMA_ENDPOINTS": "shop", "TERIMA_ENDPOINT_SHOP_URL": "http://127.0.0.1:1/",
        ])
        #expect(configuration.signingSecrets.count == 1)
        #expect(configuration.origins[.signingSecrets] == "credential signing_secrets")
        #expect(configuration.endpoints.first?.secrets.count == 1)
    }

    /// As `LoadCredential=terima:/etc/terima/secrets` names what is in that directory.
    @Test func aDirectoryOfCredentialsHasTheUnitsPrefix() async throws {
        let directory = try TemporaryDirectory()
        _ = try directory.write("from-systemd\n", to: "terima_signing_secrets")
        _ = try directory.write(secret + "\n", to: "terima_endpoint_shop_secret")
        let configuration = try await load([
            "CREDENTIALS_DIRECTORY": directory.path, "TERIMA_ENDPOINTS": "shop", "TERIMA_ENDPOINT_SHOP_URL": "http://127.0.0.1:1/",
        ])
        #expect(configuration.origins[.signingSecrets] == "credential terima_signing_secrets")
        #expect(configuration.endpoints.first?.secrets.count == 1)
    }

    /// Outside of the unit there are no credentials, and the files named may be for somebody else.
    @Test func whoNeedsNoSecretsIsNotAskedForThem() async throws {
        let environment = [
            "TERIMA_ENDPOINTS": "shop", "TERIMA_ENDPOINT_SHOP_URL": "http://127.0.0.1:1/", "TERIMA_SIGNING_SECRETS_FILE": "/nobody/may/read/this",
            "CREDENTIALS_DIRECTORY": "/nobody/may/read/this", "TERIMA_PPRO_URL": "https://api.eu.ppro.com", "TERIMA_PPRO_MERCHANT_ID": "merch_1",
        ]
        let configuration = try await load(environment, readsSecrets: false)
        #expect(configuration.endpoints.map(\.name) == ["shop"])
        #expect(configuration.endpoints.first?.secrets.isEmpty == true && configuration.signingSecrets.isEmpty && configuration.ppro == nil)
        #expect(configuration.asksPPRO)
        #expect(await refusal(environment)?.key == "CREDENTIALS_DIRECTORY")
    }

    @Test(arguments: [
        ("TERIMA_LISTEN", "8080"), ("TERIMA_API_TOKEN", "short"), ("TERIMA_SIGNATURE_TOLERANCE", "72"), ("TERIMA_SIGNATURE_TOLERANCE", "10s"),
        ("TERIMA_LEGACY_SIGNATURE", "maybe"), ("TERIMA_MAXIMUM_BODY", "65535"), ("TERIMA_MAXIMUM_BODY", "1e9"), ("TERIMA_RETRY_SCHEDULE", "1s,,x"),
        ("TERIMA_RETRY_SCHEDULE", "8d"), ("TERIMA_LOG_LEVEL", "loud"), ("TERIMA_ENDPOINTS", "Shop"), ("TERIMA_ENDPOINTS", "a,a"),
        ("TERIMA_ENDPOINTS", "a-b,a_b"), ("TERIMA_ENDPOINT_CONCURRENCY", "0"), ("TERIMA_DATABASE", ""), ("TERIMA_HEADER_TIMEOUT", "999ms"),
        ("TERIMA_REQUEST_TIMEOUT", "11m"), ("TERIMA_IDLE_TIMEOUT", "0s"), ("TERIMA_MAXIMUM_HEADER", "4095"), ("TERIMA_MAXIMUM_HEADER_FIELD", "65537"),
        ("TERIMA_MAXIMUM_HEADER_FIELDS", "15"), ("TERIMA_MAXIMUM_DRAIN", "0"),
        ("TERIMA_PPRO_RATE", "0"), ("TERIMA_PPRO_RATE", "51"), ("TERIMA_PPRO_KEY", "a b"), ("TERIMA_SILENCE_ALARM", "30"), ("TERIMA_UNTOLD_ALARM", "31d"),
    ])
    func aBadValueIsRefusedWithItsKey(key: String, value: String) async {
        let error = await refusal([key: value])
        #expect(error?.code == .badValue)
        #expect(error?.key == key)
    }

    @Test func unknownKeysAreRefusedWithAHint() async {
        #expect(await refusal(["TERIMA_LISTN": "127.0.0.1:1"])?.problem == "is no setting; did you mean TERIMA_LISTEN?")
        #expect(await refusal(["TERIMA_ENDPOINT_SHOP_URL": "http://127.0.0.1:1/"])?.code == .unknownKey)
        #expect(await refusal([:], file: "lisen: 127.0.0.1:1\n")?.key.hasPrefix("lisen in ") == true)
        #expect(await refusal([:], file: "endpoints:\n  shop:\n    uri: http://127.0.0.1:1/\n")?.code == .unknownKey)
        #expect(await refusal([:], file: "- a list\n")?.code == .unreadable)
        #expect(await refusal([:], file: "a: [\n")?.code == .unreadable)
    }

    @Test func anEndpointNeedsAUsableURLAndASecret() async {
        let named = ["TERIMA_ENDPOINTS": "shop"]
        #expect(await refusal(named)?.key == "TERIMA_ENDPOINT_SHOP_URL")
        for url in ["ftp://host/", "http://", "http://user:pw@host/", "http://host/#x", "host:80", "http://ho st/"] {
            #expect(await refusal(named.merging(["TERIMA_ENDPOINT_SHOP_URL": url]) { $1 })?.key == "TERIMA_ENDPOINT_SHOP_URL", "\(url)")
        }
        let withURL = named.merging(["TERIMA_ENDPOINT_SHOP_URL": "http://127.0.0.1:1/"]) { $1 }
        #expect(await refusal(withURL)?.key == "TERIMA_ENDPOINT_SHOP_SECRET")
        #expect(await refusal(withURL.merging(["TERIMA_ENDPOINT_SHOP_SECRET": "whsec_short"]) { $1 })?.code == .badValue)
    }

    private func trusting(_ path: String, url: String = "https://shop.test/") -> [String: String] {
        [
            "TERIMA_ENDPOINTS": "shop", "TERIMA_ENDPOINT_SHOP_URL": url, "TERIMA_ENDPOINT_SHOP_SECRET": secret, "TERIMA_ENDPOINT_SHOP_CA_FILE": path,
        ]
    }

    @Test func anEndpointMayHaveAuthoritiesOfItsOwn() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(SelfSigned.certificate + "\n" + SelfSigned.certificate + "\n", to: "ca.pem")
        #expect(try await load(trusting(path)).authorities["shop"]?.count == 2)
        let file = "endpoints:\n  shop:\n    url: https://shop.test/\n    secret: \(secret)\n    ca_file: \(path)\n"
        #expect(try await load([:], file: file).authorities["shop"]?.count == 2)
    }

    @Test func aFileWithoutAuthoritiesIsRefusedByName() async throws {
        let directory = try TemporaryDirectory()
        let missing = await refusal(trusting(directory.file("missing.pem")))
        #expect(missing?.code == .unreadable)
        #expect(missing?.problem.contains("missing.pem cannot be read: No such file") == true)
        let cut = String(SelfSigned.certificate.dropLast(100))
        for (number, text) in ["", "no certificate", SelfSigned.key, cut].enumerated() {
            let error = await refusal(trusting(try directory.write(text, to: "\(number).pem")))
            #expect(error?.code == .badValue, "\(number)")
            #expect(error?.key == "TERIMA_ENDPOINT_SHOP_CA_FILE")
        }
        let good = try directory.write(SelfSigned.certificate, to: "ca.pem")
        #expect(await refusal(trusting(good, url: "http://shop.test/"))?.key == "TERIMA_ENDPOINT_SHOP_CA_FILE")
    }

    private let ppro = [
        "TERIMA_PPRO_URL": "https://api.sandbox.eu.ppro.com/", "TERIMA_PPRO_KEY": "key-of-the-sandbox", "TERIMA_PPRO_MERCHANT_ID": "merch_1",
    ]

    @Test func pprosAPIIsConfiguredAsAWhole() async throws {
        let settings = try #require(try await load(ppro.merging(["TERIMA_PPRO_RATE": "5"]) { $1 }).ppro)
        #expect(settings.baseURL == "https://api.sandbox.eu.ppro.com")
        #expect(settings.merchantId == "merch_1")
        #expect(settings.requestsPerSecond == 5)
        #expect(try await load(ppro).ppro?.requestsPerSecond == 1)
    }

    @Test(arguments: ["TERIMA_PPRO_URL", "TERIMA_PPRO_KEY", "TERIMA_PPRO_MERCHANT_ID"])
    func aPartOfPPROsAPIIsAMistake(missing: String) async {
        let error = await refusal(ppro.filter { $0.key != missing })
        #expect(error?.code == .missing)
        #expect(error?.key == missing)
    }

    @Test func thePPROKeyComesFromAFileOrACredential() async throws {
        let directory = try TemporaryDirectory()
        let others = ppro.filter { $0.key != "TERIMA_PPRO_KEY" }
        let path = try directory.write("key-in-a-file\n", to: "ppro.key")
        #expect(try await load(others.merging(["TERIMA_PPRO_KEY_FILE": path]) { $1 }).ppro != nil)
        _ = try directory.write("key-from-systemd\n", to: "ppro_key")
        let configuration = try await load(others.merging(["CREDENTIALS_DIRECTORY": directory.path]) { $1 })
        #expect(configuration.ppro != nil)
        #expect(configuration.origins[.pproKey] == "credential ppro_key")
        #expect(!String(reflecting: configuration).contains("key-from-systemd"))
        let file = "ppro_url: https://api.eu.ppro.com\nppro_key_file: \(path)\nppro_merchant_id: merch_1\n"
        #expect(try await load([:], file: file).ppro?.baseURL == "https://api.eu.ppro.com")
    }

    @Test(arguments: [
        ("TERIMA_PPRO_URL", "http://api.eu.ppro.com", "plain http is only for a sandbox on this machine"),
        ("TERIMA_PPRO_URL", "ftp://x", "must be an https:// URL"),
        ("TERIMA_PPRO_URL", "https://user:hunter2@x", "must be an https:// URL"), ("TERIMA_PPRO_MERCHANT_ID", "merch 1", "visible ASCII"),
    ])
    func aBadPPROSettingIsRefusedWithItsKey(key: String, value: String, problem: String) async {
        let error = await refusal(ppro.merging([key: value]) { $1 })
        #expect(error?.code == .badValue)
        #expect(error?.key == key)
        #expect(error?.problem.contains(problem) == true)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func noErrorRepeatsASecret() async {
        let leak = "hunter2-hunter2"
        for environment in [
            ["TERIMA_PPRO_KEY": leak], ["TERIMA_PPRO_KEY": leak + " " + leak],
            ["TERIMA_API_TOKEN": leak], ["TERIMA_SIGNING_SECRETS": leak, "TERIMA_SIGNING_SECRETS_FILE": "/nowhere"],
            ["TERIMA_ENDPOINTS": "shop", "TERIMA_ENDPOINT_SHOP_URL": "http://127.0.0.1:1/", "TERIMA_ENDPOINT_SHOP_SECRET": leak],
        ] {
            let error = await refusal(environment)
            #expect(error != nil)
            #expect(error?.description.contains(leak) == false)
        }
    }

    @Test func everySettingIsDocumentedAndItsDefaultIsAccepted() async throws {
        for setting in Setting.allCases {
            #expect(!setting.summary.isEmpty)
            if let standard = setting.standard { _ = try await load([setting.key.environment: standard]) }
        }
    }
}

import ArgumentParser
import Logging
import PaymentCore
import Provider

/// `ppro-sandbox serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Stands in for PPRO: its API, the wallet page, and webhooks for every change.",
        discussion: """
            Creates and answers payment charges as PPRO's API does, for the methods JENIUS_PAY and MOCK. A charge that waits for the consumer has a link to \
            the page of a mock wallet, where somebody approves, declines or abandons. Every change goes as a signed webhook to the charge's webhooksUrl or to \
            --webhooks-url, and again on PPRO's schedule until it is answered with 2xx. Everything is kept in memory and ends with the command, unless \
            --state names a file for it.

            Opened in a browser it lists the latest charges with the wallet page of each. GET /sandbox/requests and GET /sandbox/webhooks show what came and \
            what became of each webhook; POST /sandbox/charges/CHARGE/chargeback (or funds, discard, refund) makes happen what no API of PPRO's does. \
            docs/sandbox.md has it all.

            EXAMPLES
              ppro-sandbox serve --key-file api.key --secret-file ppro.secret --webhooks-url http://127.0.0.1:8080/webhooks/ppro
              The six hours of Jenius Pay in 21.6 seconds, and PPRO's 68 hours of retries in 4 minutes:
                ppro-sandbox serve --key-file api.key --secret-file ppro.secret --time-scale 0.001
              A bad day, the same each time:
                ppro-sandbox serve --key-file api.key --secret-file ppro.secret --seed 7 --drop 0.2 --duplicate 0.3 --reorder 0.3 --fail-rate 0.1 --latency 200ms

            EXIT CODES
              0 stopped by SIGTERM or SIGINT; 1 the address cannot be listened on, or the state file not be used; 64 the command was not understood
            """)

    @Option(help: ArgumentHelp("Where to listen; port 0 lets the system choose. The bound address is printed first.", valueName: "host:port"))
    var listen = ListenAddress(host: "127.0.0.1", port: 9100)

    @OptionGroup(title: "API key, borne by clients")
    var key: KeyOptions

    @OptionGroup(title: "Signing secret of the webhooks")
    var secret: SecretOptions

    @Option(help: ArgumentHelp("The merchant that clients name in Merchant-Id.", valueName: "id"))
    var merchantId = ProviderRules.defaultMerchantId

    @Option(help: ArgumentHelp("The merchant's name on the wallet page.", valueName: "name"))
    var merchantName = "Toko Contoh"

    @Option(help: ArgumentHelp("Where webhooks go of charges that name no webhooksUrl. (default: nowhere)", valueName: "url"))
    var webhooksUrl: String?

    @Option(help: ArgumentHelp("What stands before /wallet in links. (default: http:// and the Host that the client asked for)", valueName: "url"))
    var publicUrl: String?

    @Option(help: ArgumentHelp("Which signature: current (PPRO-Signature), legacy (Webhook-Signature) or both.", valueName: "scheme"))
    var scheme = WebhookSender.Scheme.current

    @Flag(help: "Jenius Pay consumers have proven who they are: up to IDR 10,000,000.00 instead of IDR 2,000,000.00.")
    var kyc = false

    @Option(help: ArgumentHelp("PPRO's times (time-outs, retries, confirmations, funds) are so much as long.", valueName: "factor"))
    var timeScale = 1.0

    @Option(help: ArgumentHelp("API requests a second, reads and writes apart.", valueName: "n"))
    var rate = 5

    @Option(help: ArgumentHelp("API requests at once after a pause. (default: twice --rate)", valueName: "n"))
    var burst: Int?

    @Option(help: ArgumentHelp("Decides all trouble on demand: the same requests meet the same trouble. (default: another each time)", valueName: "number"))
    var seed: UInt64?

    @OptionGroup(title: "Trouble on demand, as probabilities from 0 to 1")
    var trouble: TroubleOptions

    @Option(help: ArgumentHelp("A SQLite file that keeps charges, idempotency keys and webhooks still to be sent. (default: memory only)", valueName: "file"))
    var state: String?

    @Option(help: ArgumentHelp("Waited before every answer of the API.", valueName: "duration"))
    var latency = DurationArgument(milliseconds: 0)

    @Flag(name: .shortAndLong, help: "Print a line for every request: ids, no personal data.")
    var verbose = false

    @Flag(help: "Print the bound address as a JSON object.")
    var json = false

    func validate() throws {
        guard (0.000_001...1000).contains(timeScale) else { throw ValidationError("--time-scale must be from 0.000001 to 1000.") }
        guard (1...10_000).contains(rate) else { throw ValidationError("--rate must be from 1 to 10000.") }
        if let burst, !(1...100_000).contains(burst) { throw ValidationError("--burst must be from 1 to 100000.") }
        guard (0...60_000).contains(latency.milliseconds) else { throw ValidationError("--latency must be from 0s to 60s.") }
        guard !merchantId.isEmpty, merchantId.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError("--merchant-id must be visible ASCII characters.")
        }
        for (name, url) in [("webhooks-url", webhooksUrl), ("public-url", publicUrl)] {
            if let url, let problem = ProviderRules.problem(withURL: url) { throw ValidationError("--\(name) \(problem).") }
        }
    }

    func run() async throws {
        let settings = try settings()
        let logger = Logger(label: "ppro-sandbox") { _ in SwiftLogNoOpLogHandler() }
        let server = ProviderServer(
            settings: settings, host: listen.host, port: listen.port, now: { WallClock.now() }, logger: logger,
            onRequest: { [verbose] line in if verbose { Console.line(line) } })
        do {
            try await server.run { [json] in Self.announce($0, json: json) }
        } catch let error as StateFileError {
            throw SandboxError("--state: \(error).")
        } catch {
            throw SandboxError("\(listen.host):\(listen.port) cannot be listened on: \(error).")
        }
    }

    private func settings() throws -> ProviderSettings {
        let rules = ProviderRules(
            merchantId: merchantId, merchantName: merchantName, webhooksUrl: webhooksUrl, isKYC: kyc, timeScale: timeScale)
        return ProviderSettings(
            rules: rules, key: ProviderKey(try key.text()), signingSecret: SigningSecret(try secret.text()), scheme: scheme,
            limit: RateLimit(perSecond: rate, burst: burst), failRate: trouble.failRate, latencyMilliseconds: latency.milliseconds,
            trouble: trouble.ofWebhooks, seed: seed ?? UInt64.random(in: .min ... .max),
            publicUrl: publicUrl.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }, stateFile: state)
    }

    private static func announce(_ address: String, json: Bool) {
        guard json else { return Console.line("PPRO's stand-in listens on http://\(address)/") }
        var writer = JSONWriter()
        writer.object { $0.member("listening", "http://\(address)/") }
        Console.line(writer.text)
    }
}

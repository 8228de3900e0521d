import ArgumentParser
import PaymentCore

/// `ppro-sandbox shop`.
struct ShopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shop",
        abstract: "A demo shop: takes terima's notifications and tells each order's story.",
        discussion: """
            Verifies Standard Webhooks signatures (webhook-id, webhook-timestamp, webhook-signature) and refuses what is not signed with its secret (401). \
            A notification told again is known by its webhook-id; one that is older than what the shop knows of the charge is ignored. Both are answered with 200.

            EXAMPLES
              Watch orders:
                ppro-sandbox shop --listen 127.0.0.1:9000 --secret-file shop.secret
              Remember over a restart, and print JSON for a script:
                ppro-sandbox shop --secret-file shop.secret --state shop.jsonl --json
              A shop that has not written one order yet, and one that stumbles over everything twice:
                ppro-sandbox shop --secret-file shop.secret --fail-order ORDER-1 --status 404
                ppro-sandbox shop --secret-file shop.secret --fail 2
            """)

    @Option(help: ArgumentHelp("Where to listen; port 0 lets the system choose. The bound address is printed first.", valueName: "host:port"))
    var listen = ListenAddress(host: "127.0.0.1", port: 9000)

    @OptionGroup(title: "Endpoint secret (whsec_…)")
    var secret: SecretOptions

    @Option(help: ArgumentHelp("Remember what was accepted in this file (JSON lines), over restarts.", valueName: "file"))
    var state: String?

    @Flag(help: "Print one JSON object for each notification instead of stories.")
    var json = false

    @Option(help: ArgumentHelp("Trouble: fail the first N attempts of each notification.", valueName: "n"))
    var fail = 0

    @Option(help: ArgumentHelp("Trouble: always fail this order (orderReferenceNumber or charge id).", valueName: "order"))
    var failOrder: String?

    @Option(help: ArgumentHelp("Trouble: what to fail with, 300 to 599 (default: 500). Alone, everything fails with it.", valueName: "code"))
    var status: Int?

    @Option(help: ArgumentHelp("Trouble: wait so long before each answer.", valueName: "duration"))
    var latency = DurationArgument(milliseconds: 0)

    func validate() throws {
        guard (0...1_000_000).contains(fail) else { throw ValidationError("--fail must be from 0 to 1000000.") }
        if let status, !(300...599).contains(status) { throw ValidationError("--status must be from 300 to 599.") }
    }

    func run() async throws {
        guard let endpoint = EndpointSecret(try secret.text()) else {
            throw SandboxError("The secret must be whsec_ and the base 64 of 24 to 64 bytes; `terima keygen` makes one.")
        }
        let trouble = Trouble(
            failFirst: fail, failOrder: failOrder, status: status ?? 500, always: status != nil && fail == 0 && failOrder == nil,
            latencyMilliseconds: latency.milliseconds)
        var book = ShopBook()
        var memory: ShopMemory?
        if let state { memory = try ShopMemory(path: state, into: &book) }
        let shop = Shop(
            secrets: [endpoint], trouble: trouble, book: book, memory: memory, report: ShopReport(isJSON: json, print: Console.line), now: WallClock.now)
        let server = try await ShopServer(host: listen.host, port: listen.port, shop: shop, latencyMilliseconds: trouble.latencyMilliseconds)
        announce(server.address)
        try await server.run()
    }

    private func announce(_ address: String) {
        guard json else { return Console.line("The shop listens on http://\(address)/") }
        var writer = JSONWriter()
        writer.object { $0.member("listening", "http://\(address)/") }
        Console.line(writer.text)
    }
}

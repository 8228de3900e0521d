import ArgumentParser
import PaymentCore
import Provider

extension LifeOutcome: ExpressibleByArgument {}
extension WebhookSender.Scheme: ExpressibleByArgument {}

/// `ppro-sandbox play`.
struct PlayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "play",
        abstract: "Sends the signed lives of Jenius Pay payments as PPRO does.",
        discussion: """
            Each payment is CREATED and waits for the consumer (AUTHENTICATION_PENDING); then it is paid (AUTHORIZATION_SUCCEEDED, CAPTURE_SUCCEEDED), \
            declined (AUTHORIZATION_FAILED) or runs out of time after six hours (DISCARDED). Answers of 5xx and refused connections are repeated on PPRO's \
            schedule: after --retry-base, then twice as long each time.

            The same --seed sends the same bodies, byte for byte; without one, each play is new and ends now.

            EXAMPLES
              One payment that goes through:
                ppro-sandbox play --secret-file ppro.secret
              Fifty of each kind, shuffled, every event three times:
                ppro-sandbox play --secret-file ppro.secret --outcome paid --outcome declined --outcome timeout --charges 150 --shuffle --repeat 3
              A steady load for an outside check, with quick retries:
                ppro-sandbox play --secret-file ppro.secret --charges 5000 --rate 200 --retry-base 100ms --ack-file acknowledged.tsv
              See what would be sent:
                ppro-sandbox play --dry-run

            EXIT CODES
              0 everything was acknowledged (2xx); 1 something was not; 64 the command was not understood
            """)

    @Option(help: "Where the webhooks go.")
    var url = "http://127.0.0.1:8080/webhooks/ppro"

    @OptionGroup(title: "Signing secret")
    var secret: SecretOptions

    @Option(help: ArgumentHelp("How a payment ends: paid, declined or timeout; several are dealt out in turn.", valueName: "outcome"))
    var outcome: [LifeOutcome] = []

    @Option(help: ArgumentHelp("How many payments. (default: one of each --outcome)", valueName: "n"))
    var charges: Int?

    @Option(help: ArgumentHelp("Sends a second. (default: as fast as they are answered)", valueName: "r"))
    var rate: Double?

    @Flag(help: "Send in any order, within a payment and across payments.")
    var shuffle = false

    @Option(name: .customLong("repeat"), help: ArgumentHelp("How often each event is sent in all.", valueName: "k"))
    var repeats = 1

    @Option(help: ArgumentHelp("Which signature: current (PPRO-Signature), legacy (Webhook-Signature) or both.", valueName: "scheme"))
    var scheme = WebhookSender.Scheme.current

    @Option(help: ArgumentHelp("Decides every id, amount and time and the order of arrival.", valueName: "number"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("When the payments end, RFC 3339. (default: now; with --seed 2026-06-03T11:23:47.123Z)", valueName: "time"))
    var end: String?

    @Option(help: ArgumentHelp("ISO 4217 code.", valueName: "code"))
    var currency = "IDR"

    @Option(help: ArgumentHelp("Minor units: 1000000 is IDR 10,000.00. (default: between IDR 10,000.00 and IDR 2,000,000.00)", valueName: "amount"))
    var amount: Int64?

    @Option(help: ArgumentHelp("Orders are named PREFIX-1, PREFIX-2, …. (default: made from the seed)", valueName: "prefix"))
    var orderPrefix: String?

    @Option(help: ArgumentHelp("The wait before the first retry; each further one is twice as long.", valueName: "duration"))
    var retryBase = DurationArgument(milliseconds: RetryDelays().baseMilliseconds)

    @Option(help: ArgumentHelp("Attempts of each send, the first included.", valueName: "n"))
    var attempts = RetryDelays().attempts

    @Option(help: ArgumentHelp("Requests under way at once. With 1, the order of arrival is the order of sending.", valueName: "n"))
    var connections = 16

    @Option(help: ArgumentHelp("Append source<TAB>id of each event when it is first acknowledged.", valueName: "file"))
    var ackFile: String?

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    @Flag(help: "Print the bodies, one a line in the order of sending, and send nothing.")
    var dryRun = false

    func validate() throws {
        if let charges, !(1...10_000_000).contains(charges) { throw ValidationError("--charges must be from 1 to 10000000.") }
        if let rate, !(0.001...1_000_000).contains(rate) { throw ValidationError("--rate must be from 0.001 to 1000000.") }
        guard (1...1000).contains(repeats) else { throw ValidationError("--repeat must be from 1 to 1000.") }
        guard (1...100).contains(attempts) else { throw ValidationError("--attempts must be from 1 to 100.") }
        guard (1...1024).contains(connections) else { throw ValidationError("--connections must be from 1 to 1024.") }
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw ValidationError("--currency must be three capital letters, like IDR.")
        }
        if let amount, amount <= 0 { throw ValidationError("--amount must be above 0.") }
        if let end, Instant(iso8601: end) == nil { throw ValidationError("--end must be a time like 2026-06-03T11:23:47.123Z.") }
        if let orderPrefix, !(1...64).contains(orderPrefix.utf8.count) { throw ValidationError("--order-prefix must be 1 to 64 bytes.") }
    }

    func run() async throws {
        let settings = lifeSettings()
        let lives = charges ?? settings.outcomes.count
        let plan = PlayPlan(lives: lives, repeats: repeats, shuffleSeed: shuffle ? settings.seed : nil) { settings.outcome(ofLife: $0).steps.count }
        if dryRun { return printBodies(plan, settings) }
        guard WebhookSender.canPost(to: url) else { throw SandboxError("\(url) is no URL that can be posted to.") }
        let events = (0..<lives).reduce(0) { $0 + settings.outcome(ofLife: $1).steps.count }
        let player = Player(
            settings: settings, plan: plan, delays: RetryDelays(baseMilliseconds: retryBase.milliseconds, attempts: attempts), connections: connections,
            sender: WebhookSender(secret: SigningSecret(try secret.text()), scheme: scheme, connections: connections), url: url,
            pacer: Pacer(rate: rate),
            ledger: PlayLedger(
                lanes: plan.laneCount, summary: PlaySummary(events: events, sends: events * repeats), acknowledgements: try ackFile.map(LineFile.init(path:))))
        if !json { announce(lives, settings) }
        let summary = try await play(player)
        if json { Console.line(summary.json(seed: settings.seed)) } else { summary.lines.forEach(Console.line) }
        if summary.notAcknowledged > 0 { throw ExitCode.failure }
    }

    private func play(_ player: Player) async throws -> PlaySummary {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            try await player.run()
        } catch {
            await player.sender.close()
            throw error
        }
        await player.sender.close()
        for failure in await player.ledger.failures { Console.note("not acknowledged: \(failure)") }
        var summary = await player.ledger.summary
        let elapsed = clock.now - start
        summary.elapsedMilliseconds = elapsed.components.seconds * 1000 + elapsed.components.attoseconds / 1_000_000_000_000_000
        return summary
    }

    private func lifeSettings() -> LifeSettings {
        let chosen = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        // A seed promises the same bodies, so their times must not follow the clock. This one is the time of PPRO's published example.
        let ending = end.flatMap(Instant.init(iso8601:)) ?? (seed == nil ? WallClock.now() : Instant(milliseconds: 1_780_485_827_123))
        return LifeSettings(
            seed: chosen, outcomes: outcome.isEmpty ? [.paid] : outcome, currency: currency, amount: amount,
            orderPrefix: orderPrefix ?? "ORDER-" + String(chosen, radix: 36, uppercase: true), end: ending)
    }

    /// Says which payments are played; of many, the first.
    private func announce(_ lives: Int, _ settings: LifeSettings) {
        let shown = 20
        Console.line("seed \(settings.seed), \(lives) \(lives == 1 ? "payment" : "payments") to \(url)")
        for index in 0..<min(lives, shown) {
            let life = Life(index, of: settings)
            Console.line("  \(life.orderReference)  \(life.chargeId)  \(Currency.format(life.amount))  \(life.outcome.rawValue)")
        }
        if lives > shown { Console.line("  … and \(lives - shown) more") }
    }

    private func printBodies(_ plan: PlayPlan, _ settings: LifeSettings) {
        for lane in 0..<plan.laneCount {
            for send in plan.lane(lane) {
                let events = Life(send.life, of: settings).events
                if events.indices.contains(send.step) { Console.line(String(decoding: events[send.step].body, as: UTF8.self)) }
            }
        }
    }
}

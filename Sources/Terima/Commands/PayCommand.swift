import ArgumentParser
import Glibc
import PPRO
import PaymentCore
import UnixSignals

struct PayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pay",
        abstract: "Create a payment at PPRO, show where to pay it, and watch it go all the way to the shop.",
        discussion: """
            A check of the whole chain: PPRO's API (TERIMA_PPRO_URL), its webhooks, terima, the shop's endpoints. Every step is told with how long it
            took, until PPRO has decided, terima says the same, and every endpoint knows it. Method, amount and fields are checked before anything is sent.

            Against a sandbox, what Jenius Pay needs to know of the consumer is invented where it is not given; against the live API nothing is.

            Exit codes: 0 decided (paid or not) and known everywhere; 1 decided, but terima says otherwise or an endpoint does not know; 64 the order breaks
            a rule, or PPRO refused it; 69 PPRO or the service does not answer; 75 not decided in time; 78 the configuration is wrong; 130 left with
            Ctrl-C, which changes nothing: the payment goes on.

            EXAMPLES:
              terima pay --method JENIUS_PAY --amount 10000.00 --currency IDR --return-url https://shop.example/return
              terima pay --method JENIUS_PAY --amount 10000.00 --currency IDR --return-url https://shop.example/return --no-wait --json
              terima pay --method MOCK --amount 12.00 --currency EUR --return-url https://shop.example/return --descriptor requiresCapture=true
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions
    @Option(help: ArgumentHelp("PPRO's word for the payment method.", valueName: "method")) var method: String
    @Option(help: ArgumentHelp("How much, with the currency's decimals or without any: 10000.00.", valueName: "amount")) var amount: String
    @Option(help: ArgumentHelp("ISO 4217.", valueName: "code")) var currency: String
    @Option(help: ArgumentHelp("Where the consumer comes back to.", valueName: "url")) var returnUrl: String
    @Option(help: ArgumentHelp("merchantPaymentChargeReference (default: one of its own).", valueName: "text")) var reference: String?
    @Option(help: ArgumentHelp("Of a run whose answer was lost: the same command with it creates no second payment, for 24 hours.", valueName: "uuid"))
    var idempotencyKey: String?
    @Option(help: ArgumentHelp("orderReferenceNumber.", valueName: "text")) var order: String?
    @Option(help: ArgumentHelp("Name of the one item that is bought.", valueName: "text")) var item = "Test order"
    @Option(help: ArgumentHelp("paymentDescriptor; steers the outcome of the method MOCK.", valueName: "text")) var descriptor: String?
    @Option(help: ArgumentHelp("Where PPRO sends this charge's webhooks (default: the account's).", valueName: "url")) var webhooksUrl: String?
    @OptionGroup(title: "CONSUMER") var consumer: ConsumerOptions
    @Flag(help: "Create the payment and leave.") var noWait = false
    @Option(help: ArgumentHelp("How long PPRO may take to decide (default: as long as the method allows).", valueName: "duration")) var timeout: String?
    @Option(help: ArgumentHelp("How long terima and the endpoints may take to know it then, and terima may be away.", valueName: "duration"))
    var grace = "60s"

    /// How it ends after Ctrl-C: as programs that the signal ended do.
    private static let interrupted: Int32 = 130

    func validate() throws {
        do throws(AmountText.Failure) { _ = try AmountText.parse(amount, currency: currency) } catch {
            switch error {
            case .noAmount:
                let decimals = Currency.decimals(currency)
                let example = decimals == 0 ? "10000" : "10000." + String(repeating: "0", count: decimals)
                throw ValidationError("--amount must be digits, then a point and \(decimals) decimals or nothing, e.g. \(example) (no thousands separators)")
            case .tooLarge:
                throw ValidationError("--amount is too large: no amount can be more than \(Currency.format(Money(value: .max, currency: currency)))")
            }
        }
        if let idempotencyKey, IdempotencyKey(idempotencyKey) == nil {
            throw ValidationError("--idempotency-key must be a UUID of version 4, as an earlier run printed it")
        }
        for (name, text) in [("timeout", timeout), ("grace", grace)] {
            if let text, DurationText.parse(text) == nil { throw ValidationError("--\(name) must be a duration: 30s, 5m, 6h") }
        }
    }

    func run() async throws {
        try await runCommand {
            let configuration = try await common.configuration()
            try await RemoteAccess.with(configuration) { client in
                let key = idempotencyKey.flatMap { IdempotencyKey($0) } ?? client.makeKey()
                let order = chargeOrder(key, isTest: configuration.ppro?.isSandbox == true)
                if noWait { return _ = try await create(order, key, client) }
                try await OperatorAccess.with(common) { access in
                    guard access.isService else {
                        throw CommandFailure(.unavailable, "terima is not running, so no webhook will be received; start it, or use --no-wait")
                    }
                    try await watch(try await create(order, key, client), client, access)
                }
            }
        }
    }

    private func chargeOrder(_ key: IdempotencyKey, isTest: Bool) -> ChargeOrder {
        let value = (try? AmountText.parse(amount, currency: currency)) ?? 0
        var order = ChargeOrder(paymentMethod: method, amount: Money(value: value, currency: currency))
        order.paymentDescriptor = descriptor
        // One of its own, so that the charge can be found even if PPRO's answer is lost; the same for the same key, which PPRO takes for the same order only.
        order.merchantPaymentChargeReference = reference ?? "terima-pay-\(key.text.prefix(13))"
        order.orderReferenceNumber = self.order
        order.items = [.init(name: item, quantity: 1, amount: value)]
        order.authentications = [.redirect(returnUrl: returnUrl)]
        order.webhooksUrl = webhooksUrl
        consumer.fill(&order, isTest: isTest)
        return order
    }

    /// Creates the charge and shows it.
    private func create(_ order: ChargeOrder, _ key: IdempotencyKey, _ client: PPROClient) async throws -> Created {
        order.warnings.forEach { Console.note("terima: \($0)") }
        let start = WallClock.now()
        do {
            let created = Created(charge: try await client.create(order, idempotencyKey: key), order: order, key: key, start: start)
            try Console.lines(output.json ? [created.json] : created.lines(isColored: isatty(STDOUT_FILENO) == 1))
            return created
        } catch let error as AuthorityError where error.mayBeDone {
            var failure = CommandFailure(error)
            failure.message +=
                "; the payment may have been created all the same: terima charges show --remote \(order.merchantPaymentChargeReference ?? "")"
                + " tells; the same command with --idempotency-key \(key) creates no second one"
            throw failure
        }
    }

    private func watch(_ created: Created, _ client: PPROClient, _ access: OperatorAccess) async throws {
        let limits = PaymentWatch.Limits(
            timeoutMilliseconds: timeout.flatMap(DurationText.parse) ?? PaymentMethodRules.of(method).authenticationTimeoutMilliseconds,
            graceMilliseconds: DurationText.parse(grace) ?? 0)
        if !output.json {
            try Console.line("\nWaiting for the result, at most \(DurationText.format(limits.timeoutMilliseconds)). Ctrl-C leaves; the payment goes on.\n")
        }
        let (id, start, asJSON) = (created.charge.id, created.start, output.json)
        let report: @Sendable (Step) throws -> Void = { step in
            if asJSON { try Console.write(step.json(charge: id, since: start) + [0x0A]) } else { try Console.line(step.line(since: start)) }
        }
        let watch = PaymentWatch(charge: id, access: access, authority: client, limits: limits, now: WallClock.now, report: report)
        let last = try await Self.untilSignal { try await watch.run(created.charge, since: start) }
        guard let last else {
            Console.note("terima: left; the payment goes on: terima charges show --remote \(id)")
            throw ExitCode(Self.interrupted)
        }
        try report(last)
        switch last.kind {
        case .agreed: break
        case .unfinished: throw ExitCode(CommandFailure.Code.unfinished.rawValue)
        default: throw ExitCode(CommandFailure.Code.needsAttention.rawValue)
        }
    }

    /// The body's result, or nil when SIGINT or SIGTERM came first.
    private static func untilSignal<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result? {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in signals { return nil }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}

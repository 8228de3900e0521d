import ArgumentParser
import PaymentCore

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Apply failed events again, and send dead notifications again with the same id.",
        discussion: """
            What is to be replayed is narrowed by every option given. Safe while serving and safe to repeat: an event applied twice counts once,
            and the shop knows a notification by its id. Every replay is recorded with who asked for it and why.

            EXAMPLES:
              terima replay --failed --dry-run
              terima replay --failed --reason 'shop was down from 02:00 to 03:10'
              terima replay --charge charge_mXC6KnPKOY6MuyBf7dwaY --delivered
              terima replay --endpoint shop --since 2h --limit 1000
            """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "All failed events and all dead notifications (within the other options).") var failed = false
    @Option(help: ArgumentHelp("This event.", valueName: "id")) var event: String?
    @Option(help: ArgumentHelp("What belongs to this charge or agreement.", valueName: "id")) var charge: String?
    @Option(help: ArgumentHelp("Only notifications to this endpoint.", valueName: "name")) var endpoint: String?
    @Option(help: ArgumentHelp("Events or notifications of this type; * stands for any characters.", valueName: "pattern")) var type: String?
    @Option(help: ArgumentHelp("What was received or made since then: a time or how long ago.", valueName: "time")) var since: String?
    @Option(help: ArgumentHelp("What was received or made before then.", valueName: "time")) var until: String?
    @Flag(help: "Also notifications that were delivered.") var delivered = false
    @Option(help: ArgumentHelp("At most so many events and so many notifications, oldest first.", valueName: "n")) var limit: Int?
    @Flag(name: .customLong("dry-run"), help: "Only count what would be replayed.") var dryRun = false
    @Option(help: ArgumentHelp("Why; recorded.", valueName: "text")) var reason: String?

    func validate() throws {
        guard failed || event != nil || charge != nil || endpoint != nil || type != nil || since != nil || until != nil else {
            throw ValidationError("say what to replay: --failed, --event, --charge, --endpoint, --type, --since or --until")
        }
    }

    func run() async throws {
        try await runCommand {
            try await OperatorAccess.with(common, changes: true) { access in
                let answer = try await access.answer(.replay(document: document(who: ProcessEnvironment.userName)))
                try Console.write(answer.bytes + [0x0A])
                if !access.isService && !dryRun { Console.note("terima: the service is not running; what was chosen is applied and sent when it starts") }
            }
        }
    }

    private func document(who: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("failed", failed)
            $0.member("event", event)
            $0.member("charge", charge)
            $0.member("endpoint", endpoint)
            $0.member("type", type)
            $0.member("since", since)
            $0.member("until", until)
            $0.member("delivered", delivered)
            $0.member("limit", limit)
            $0.member("dryRun", dryRun)
            $0.member("reason", reason)
            $0.member("who", who)
        }
        return writer.bytes
    }
}

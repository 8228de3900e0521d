import ArgumentParser
import PaymentCore

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "One screen: is money waiting, is the shop being told, does anything need a person?",
        discussion: """
            Exit code 0 when all is well, 1 when something needs a person; what it is stands in the last lines, with the command that helps.

            EXAMPLES:
              terima status
              terima status --json | jq .attention
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await runCommand {
            try await OperatorAccess.with(common) { access in
                let answer = try await access.answer(.status)
                if output.json { try Console.write(answer.bytes + [0x0A]) } else { try Console.lines(StatusScreen.lines(try answer.row, now: WallClock.now())) }
                let needsPerson = try !answer.row.rows("attention").isEmpty || !answer.row.rows("alarmSums").isEmpty
                if needsPerson { throw ExitCode(CommandFailure.Code.needsAttention.rawValue) }
            }
        }
    }
}

/// The status for people.
enum StatusScreen {
    static func lines(_ status: Row, now: Instant) -> [String] {
        let deliveries = Row(json: status.json["deliveries"] ?? status.json)
        let charges = Row(json: status.json["charges"] ?? status.json)
        let database = Row(json: status.json["database"] ?? status.json)
        let isRunning = status.json["running"]?.bool == true
        var lines = Details.lines([
            ("terima", isRunning ? "\(status.text("version")), up since \(status.when("upSince", now: now))" : "\(status.text("version")), NOT RUNNING"),
            ("last webhook", status.when("lastReceivedAt", now: now)),
            ("refused", status.json["receiver"].map { refused(Row(json: $0)) } ?? "-"),
            ("signing secrets", signingSecrets(Row(json: status.json["receiver"] ?? status.json), now: now)),
            ("certificate", status.json["receiver"]?["tls"].map { "until \(Row(json: $0).when("notAfter", now: now))" } ?? "-"),
            ("events", eventCounts(Row(json: status.json["events"] ?? status.json))),
            ("oldest unapplied", status.when("oldestUnappliedAt", now: now)),
            ("charges", "\(charges.text("total")), \(charges.text("anomalous")) with anomalies"),
            ("deliveries", "\(deliveries.text("pending")) pending, \(deliveries.text("delivered")) delivered, \(deliveries.text("dead")) dead"),
            ("reconciliation", status.json["reconciliation"].map { asked(Row(json: $0)) } ?? "-"),
            ("database", "\(bytes(database.integer("bytes"))), WAL \(bytes(database.integer("walBytes"))), \(database.text("path"))"),
        ])
        lines += [""] + endpoints(status, now: now).lines
        let attention = status.rows("attention")
        let sums = status.rows("alarmSums")
        if !sums.isEmpty { lines += ["", "MONEY:"] + AlarmList.lines(status.rows("alarms"), sums, now: now) }
        guard sums.isEmpty || !attention.isEmpty else { return lines }
        lines +=
            [""] + (attention.isEmpty ? [allIsWell(deliveries)] : ["NEEDS A PERSON:"] + attention.map { "- \($0.text("problem"))  ->  \($0.text("remedy"))" })
        return lines
    }

    private static func eventCounts(_ events: Row) -> String {
        "\(events.text("applied")) applied, \(events.text("received")) waiting, \(events.text("failed")) failed, \(events.text("conflicts")) in conflict"
    }

    /// By reason, since the start; nothing when nothing was.
    private static func refused(_ receiver: Row) -> String {
        let counts = receiver.json["refused"]?.members.compactMap { key, value in value.integerValue.map { "\($0) \(key)" } } ?? []
        return counts.isEmpty ? "-" : counts.joined(separator: ", ")
    }

    /// By position, as they are listed: tells when an old one can go.
    private static func signingSecrets(_ receiver: Row, now: Instant) -> String {
        let uses = receiver.rows("signingSecrets").map { secret in
            let last = secret.when("lastUsedAt", now: now)
            return "\(secret.text("position")) \(last == "-" ? "not used since the start" : "last used \(last)")"
        }
        return uses.isEmpty ? "-" : uses.joined(separator: ", ")
    }

    private static func asked(_ counts: Row) -> String {
        "PPRO asked \(counts.text("asked")) times, \(counts.text("news")) answers with news, \(counts.text("failed")) failed"
    }

    private static func allIsWell(_ deliveries: Row) -> String {
        guard let pending = deliveries.integer("pending"), pending > 0 else { return "All is well." }
        return "All is well; \(Count.text(pending, "notification")) still to be delivered."
    }

    private static func endpoints(_ status: Row, now: Instant) -> Table {
        var table = Table([
            .init(title: "endpoint"), .init(title: "pending", isNumber: true), .init(title: "dead", isNumber: true), .init(title: "in flight", isNumber: true),
            .init(title: "breaker"), .init(title: "secrets", isNumber: true), .init(title: "next attempt"),
        ])
        for row in status.rows("endpoints") {
            table.add([
                row.text("name"), row.text("pending"), row.text("dead"), row.text("inFlight"), row.text("breaker"), row.text("secrets"),
                row.when("nextAttemptAt", now: now),
            ])
        }
        return table
    }

    private static func bytes(_ count: Int64?) -> String {
        guard let count else { return "-" }
        return switch count {
        case ..<10_240: "\(count) bytes"
        case ..<1_048_576: "\(count / 1_024) KiB"
        default: "\(count / 1_048_576).\(count % 1_048_576 * 10 / 1_048_576) MiB"
        }
    }
}

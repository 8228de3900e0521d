import PaymentCore
import Testing

@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct EventsCommandTests {
    @Test(arguments: Operating.allCases) func theListIsOneObjectALine(operating: Operating) async throws {
        try await operating.with { installation in
            let run = try await installation.run("events", "list", "--json")
            #expect(run.status == 0)
            #expect(run.error.isEmpty)
            #expect(run.objects.map { $0["seq"]?.integerValue } == (1...14).reversed().map { Int64($0) })
            #expect(run.lines.count == 14)
            #expect(run.objects.last?["id"]?.string == "charge_paid-CREATED")
            // `list` is what `events` does when nothing is said.
            #expect(try await installation.run("events", "--json").output == run.output)
        }
    }

    @Test(arguments: Operating.allCases) func theTableTellsWhatIsUnusual(operating: Operating) async throws {
        try await operating.with { installation in
            let run = try await installation.run("events", "list")
            #expect(run.status == 0)
            #expect(run.lines.count == 15)
            #expect(run.lines.first?.split(separator: " ").map(String.init) == ["SEQ", "RECEIVED", "STATE", "OUTCOME", "TYPE", "SUBJECT", "ID", "NOTE"])
            #expect(run.lines.last?.hasPrefix("  1  2026-06-03T11:23:10Z (") == true)
            #expect(run.lines.last?.hasSuffix("  2 repeats") == true)
            #expect(try await installation.run("events", "list", "--conflicting", "--json").objects.map { $0["seq"]?.integerValue } == [2])
            #expect(run.lines.dropLast().last?.hasSuffix("  1 conflict") == true)
            let failed = try #require(run.lines.first { $0.contains(Template.unreadableId) })
            #expect(failed.contains("  failed   -"))
            #expect(failed.contains("missing"))
            #expect(run.lines.contains { $0.contains("  anomaly ") })
        }
    }

    @Test func everyOptionChooses() async throws {
        let cases: [(options: [String], count: Int)] = [
            (["--state", "failed"], 2), (["--state", "failed", "--state", "applied"], 14), (["--state", "failed,applied"], 14),
            (["--type", "PAYMENT_CHARGE_CREATED"], 3), (["--type", "REPORT_*", "--type", "PAYMENT_AGREEMENT_*"], 3), (["--charge", "charge_paid"], 4),
            (["--charge", "agr_1"], 2), (["--since", "2026-06-03T11:25:00Z"], 3), (["--until", "2026-06-03T11:23:20Z"], 1), (["--since", "1s"], 0),
            (["--limit", "3"], 3),
        ]
        try await Operating.running.with { installation in
            for (options, count) in cases {
                let run = try await installation.run(["events", "list", "--json"] + options)
                #expect(run.status == 0, "\(options): \(run.error)")
                #expect(run.objects.count == count, "\(options)")
            }
        }
    }

    @Test(arguments: [
        (["--limit", "0"], "'limit' must be a whole number from 1 to 10000; it was '0'"),
        (["--state", "dead"], "'state' must be one of received, applied, failed"),
        (["--since", "yesterday"], "'since' must be a time like"), (["--charge", ""], "'charge' has an empty value"),
        (["--type", "a b"], "'type' is no pattern"),
        (["--limit", "many"], "Error: The value 'many' is invalid for '--limit <n>'"), (["--states", "failed"], "Error: Unknown option '--states'"),
    ])
    func whatIsNotUnderstoodIsNamed(options: [String], message: String) async throws {
        let installation = try await Installation()
        let run = try await installation.run(["events", "list"] + options)
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
        #expect(run.error.hasPrefix(message) || run.error.hasPrefix("terima: \(message)"), "\(run.error)")
    }

    /// The service refuses in the same words.
    @Test func theServicesRefusalIsToldAsItIs() async throws {
        try await Operating.running.with { installation in
            let run = try await installation.run("events", "list", "--state", "dead")
            #expect(run.status == 64)
            #expect(run.error == "terima: 'state' must be one of received, applied, failed; it was 'dead'\n")
        }
    }

    @Test func nothingFoundIsSaidBesideTheTable() async throws {
        try await Operating.down.with { installation in
            let run = try await installation.run("events", "list", "--charge", "nobody")
            #expect(run.status == 0)
            #expect(run.lines.count == 1)
            #expect(run.error == "Nothing found.\n")
            let json = try await installation.run("events", "list", "--charge", "nobody", "--json")
            #expect(json.status == 0 && json.output.isEmpty && json.error.isEmpty)
        }
    }

    @Test(arguments: Operating.allCases) func oneEventIsShown(operating: Operating) async throws {
        try await operating.with { installation in
            let run = try await installation.run("events", "show", "charge_paid-AUTHENTICATION_PENDING")
            #expect(run.status == 0)
            #expect(run.lines.first == "id         charge_paid-AUTHENTICATION_PENDING")
            #expect(run.lines.contains("outcome    advanced"))
            #expect(run.lines.contains { $0.contains("another body, received 2026-06-03T11:25:50Z") })
            #expect(run.lines.last?.hasPrefix(#"data  {"paymentChargeId":"charge_paid""#) == true)
            let bySeq = try await installation.run("events", "show", "seq:2", "--json")
            #expect(bySeq.objects.first?["id"]?.string == "charge_paid-AUTHENTICATION_PENDING")
            #expect(bySeq.objects.first?["conflictingBodies"]?.elements.count == 1)
            let failed = try await installation.run("events", "show", Template.unreadableId)
            #expect(failed.lines.contains("To apply it again:  terima replay --event \(Template.unreadableId)"))
            let missing = try await installation.run("events", "show", "nothing")
            #expect(missing.status == 66)
            #expect(missing.output.isEmpty)
            #expect(missing.error == "terima: no event 'nothing'\n")
        }
    }

    /// The very bytes, so that a signature can be verified over them.
    @Test(arguments: Operating.allCases) func aBodyIsPrintedAsItCame(operating: Operating) async throws {
        try await operating.with { installation in
            for (id, body) in [
                ("seq:1", Template.bodies[0]), (Template.oddEvent, Template.bodies[11]), (Template.unreadableId, Template.unreadable),
                ("seq:11", Template.bodies[10]),
            ] {
                let run = try await installation.run("events", "show", id, "--body")
                #expect(run.status == 0)
                #expect(run.output == body)
                #expect(run.error.isEmpty)
            }
            #expect(try await installation.run("events", "show", "nothing", "--body").status == 66)
        }
    }
}

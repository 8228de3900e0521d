import PaymentCore
import Testing

@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct DeliveriesCommandTests {
    private func dead(_ installation: Installation) async throws -> String {
        try #require(try await installation.run("deliveries", "list", "--state", "dead", "--json").objects.first?["id"]?.string)
    }

    @Test(arguments: Operating.allCases) func theListTellsHowItWent(operating: Operating) async throws {
        try await operating.with { installation in
            let run = try await installation.run("deliveries", "list")
            #expect(run.status == 0)
            #expect(run.lines.count == 13)
            #expect(run.lines.first?.hasPrefix("NOTIFICATION ") == true)
            #expect(run.lines.first?.hasSuffix("VERSION  ATTEMPTS  NEXT ATTEMPT  LAST ANSWER") == true)
            let dead = try #require(run.lines.first { $0.contains("  dead ") })
            #expect(dead.contains("  charge.failed "))
            #expect(dead.hasSuffix("  2         2  -             connection_refused"))
            #expect(run.lines.filter { $0.hasSuffix("  1  -             204") }.count == 11)
            let json = try await installation.run("deliveries", "--json")
            #expect(json.objects.count == 12)
            #expect(json.objects.allSatisfy { $0["endpoint"]?.string == "shop" && $0["id"]?.string?.hasPrefix("ntf_") == true })
        }
    }

    @Test func everyOptionChooses() async throws {
        let cases: [(options: [String], count: Int)] = [
            (["--state", "dead"], 1), (["--state", "dead", "--state", "delivered"], 12), (["--state", "pending"], 0), (["--type", "charge.captured"], 2),
            (["--type", "agreement.*", "--type", "ppro.*"], 3), (["--charge", "charge_declined"], 2), (["--charge", "agr_1"], 2),
            (["--endpoint", "shop"], 12), (["--endpoint", "other"], 0), (["--since", "2026-06-03T12:23:00Z"], 12), (["--until", "2026-06-03T12:23:00Z"], 0),
            (["--limit", "5"], 5),
        ]
        try await Operating.down.with { installation in
            for (options, count) in cases {
                let run = try await installation.run(["deliveries", "list", "--json"] + options)
                #expect(run.status == 0, "\(options): \(run.error)")
                #expect(run.objects.count == count, "\(options)")
            }
            let refused = try await installation.run("deliveries", "list", "--state", "failed")
            #expect(refused.status == 64)
            #expect(refused.error == "terima: 'state' must be one of pending, delivered, dead; it was 'failed'\n")
        }
    }

    @Test(arguments: Operating.allCases) func everyAttemptIsShown(operating: Operating) async throws {
        try await operating.with { installation in
            let id = try await dead(installation)
            let run = try await installation.run("deliveries", "show", id)
            #expect(run.status == 0)
            #expect(run.lines.first == "notification  \(id)")
            #expect(run.lines.contains("last error    connection_refused"))
            #expect(run.lines.contains { $0.hasPrefix("      1  2026-06-03T12:23:00Z (") && $0.hasSuffix("  500     -                   12 ms") })
            #expect(run.lines.contains { $0.hasPrefix("      2  ") && $0.hasSuffix("  -       connection_refused  12 ms") })
            #expect(run.lines.last == "To send it again:  terima replay --endpoint shop --charge charge_declined")
            let json = try await installation.run("deliveries", "show", id, "--endpoint", "shop", "--json")
            #expect(json.objects.count == 1)
            #expect(json.objects.first?["attempts"]?.elements.count == 2)
            #expect(json.objects.first?["notification"]?["id"]?.string == id)
            for arguments in [["ntf_0"], [id, "--endpoint", "other"]] {
                let missing = try await installation.run(["deliveries", "show"] + arguments)
                #expect(missing.status == 66)
                #expect(missing.error.hasPrefix("terima: no "))
            }
        }
    }

    /// What the screen advises is a command that works.
    @Test func theAdviceIsRight() async throws {
        try await Operating.down.with { installation in
            let id = try await dead(installation)
            let advice = try #require(try await installation.run("deliveries", "show", id).lines.last)
            let words = advice.split(separator: " ").map(String.init).drop { $0 != "terima" }.dropFirst()
            let replay = try await installation.run(Array(words))
            #expect(replay.status == 0)
            #expect(replay.text == #"{"events":0,"deliveries":1}"# + "\n")
        }
    }
}

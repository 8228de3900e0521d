import PaymentCore
import Testing
import TestSupport

@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct StatusCommandTests {
    @Test func allIsWell() async throws {
        try await Installation(isSeeded: false).serve { served in
            let run = try await served.installation.run("status")
            #expect(run.status == 0)
            #expect(run.error.isEmpty)
            #expect(run.lines.first?.hasPrefix("terima            \(Version.text), up since ") == true)
            #expect(run.lines.contains { $0.hasPrefix("shop ") && $0.contains("  closed ") })
            #expect(run.lines.last == "All is well.")
            let json = try await served.installation.run("status", "--json")
            #expect(json.status == 0)
            #expect(json.lines.count == 1)
            #expect(json.objects.first?["attention"]?.elements.isEmpty == true)
        }
    }

    @Test func whatNeedsAPersonIsSaidWithItsRemedy() async throws {
        try await Operating.running.with { installation in
            let run = try await installation.run("status")
            #expect(run.status == 1)
            #expect(run.error.isEmpty)
            #expect(
                run.lines.suffix(3) == [
                    "NEEDS A PERSON:", "- 1 notification given up: the shop does not know  ->  terima deliveries list --state dead",
                    "- 2 events could not be read  ->  terima events list --state failed",
                ])
            #expect(run.lines.contains("charges           4, 1 with anomalies"))
            #expect(run.lines.contains("deliveries        0 pending, 11 delivered, 1 dead"))
            // Every remedy is a command that works.
            for line in run.lines.suffix(2) {
                let remedy = line.split(separator: ">").last?.split(separator: " ").map(String.init) ?? []
                #expect(try await installation.run(Array(remedy.dropFirst())).status == 0)
            }
            let json = try await installation.run("status", "--json")
            #expect(json.status == 1)
            #expect(json.objects.first?["attention"]?.elements.count == 2)
        }
    }

    @Test func webhooksThatAreAllRefusedNeedAPerson() async throws {
        try await Installation(isSeeded: false).serve { served in
            let body = Life.charge("charge_1", "CREATED", at: 0, status: "AUTHORIZATION_PROCESSING")
            for _ in 0..<2 { #expect(try await served.receive(body, secret: "not the right one").status == 401) }
            let run = try await served.installation.run("status")
            #expect(run.status == 1)
            #expect(run.lines.contains("refused           2 signature_invalid"))
            #expect(
                run.lines.last == "- 2 webhooks refused for the signature since the last one that was taken: is TERIMA_SIGNING_SECRETS what PPRO signs with?"
                    + "  ->  terima verify --help")
            #expect(try await served.receive(body).status == 202)
            #expect(try await served.installation.run("status").lines.last?.contains("refused for the signature") == false)
        }
    }

    @Test func aServiceThatIsDownIsTheFirstThingSaid() async throws {
        try await Operating.down.with { installation in
            let run = try await installation.run("status")
            #expect(run.status == 1)
            #expect(run.lines.first == "terima            \(Version.text), NOT RUNNING")
            #expect(run.lines.contains("- terima is not running: webhooks are refused  ->  start terima serve"))
            #expect(run.lines.contains { $0.hasPrefix("database          ") && $0.hasSuffix(", \(installation.database)") })
            let json = try await installation.run("status", "--json")
            #expect(json.status == 1)
            #expect(json.objects.first?["running"]?.bool == false)
            #expect(json.objects.first?["upSince"]?.isNull == true)
            #expect(json.objects.first?["attention"]?.elements.count == 3)
        }
    }

    @Test func whatWaitsForAnEndpointThatIsGoneIsSaid() async throws {
        var installation = try await Installation()
        #expect(try await installation.run("replay", "--failed").status == 0)
        for name in ["TERIMA_ENDPOINTS", "TERIMA_ENDPOINT_SHOP_URL", "TERIMA_ENDPOINT_SHOP_SECRET"] { installation.environment[name] = nil }
        let run = try await installation.run("status")
        #expect(run.status == 1)
        #expect(run.lines.contains("- 1 notification undelivered: endpoint shop is no longer configured  ->  set TERIMA_ENDPOINTS"))
        #expect(run.lines.contains { $0.hasPrefix("- an event has waited since 2026-06-03T11:25:10.000Z to be applied") })
    }

    @Test func withoutADatabaseThereIsNothingToTell() async throws {
        let installation = try await Installation(isSeeded: false)
        for arguments in [["status"], ["events", "list"], ["charges", "show", "x"], ["replay", "--failed"], ["rebuild", "--check"]] {
            let run = try await installation.run(arguments)
            #expect(run.status == 74)
            #expect(run.output.isEmpty)
            #expect(run.error.hasPrefix("terima: there is no readable database at \(installation.database); is TERIMA_DATABASE right"))
        }
    }

    @Test func whatIsNoDatabaseIsRefused() async throws {
        let installation = try await Installation(isSeeded: false)
        try installation.directory.write(String(repeating: "no database ", count: 100), to: "terima.db")
        for arguments in [["status"], ["replay", "--failed"]] {
            let run = try await installation.run(arguments)
            #expect(run.status == 74)
            #expect(run.error.hasPrefix("terima: database_"))
        }
    }
}

import Foundation
import PaymentCore
import Testing

@testable import EventStore
@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct ReplayCommandTests {
    static let cases: [(options: [String], events: Int, deliveries: Int)] = [
        (["--failed"], 2, 1), (["--failed", "--delivered"], 2, 12), (["--failed", "--limit", "1"], 1, 0), (["--event", Template.unreadableId], 1, 0),
        (["--event", "charge_declined-AUTHORIZATION_FAILED"], 0, 1), (["--event", Template.oddEvent, "--delivered"], 0, 1),
        (["--charge", "charge_declined"], 0, 1), (["--charge", Template.odd, "--delivered"], 0, 1), (["--endpoint", "shop"], 0, 1),
        (["--endpoint", "other"], 0, 0), (["--type", "charge.*"], 0, 1), (["--type", "ppro.*", "--delivered"], 0, 1),
        (["--since", "2026-06-03T11:25:20Z"], 1, 1), (["--until", "2026-06-03T11:25:20Z"], 1, 0),
        (["--since", "2026-06-03T11:25:10Z", "--until", "2026-06-03T11:25:20Z"], 1, 0), (["--since", "1s"], 0, 0),
    ]

    private func answer(_ events: Int, _ deliveries: Int) -> String { #"{"events":\#(events),"deliveries":\#(deliveries)}"# + "\n" }

    @Test(arguments: Operating.allCases) func aDryRunCountsAndChangesNothing(operating: Operating) async throws {
        try await operating.with { installation in
            // The service counts as its API does.
            let cases = operating == .down ? Self.cases[...] : Self.cases.prefix(2)
            for (options, events, deliveries) in cases {
                let run = try await installation.run(["replay", "--dry-run"] + options)
                #expect(run.status == 0, "\(options): \(run.error)")
                #expect(run.text == answer(events, deliveries), "\(options)")
                #expect(run.error.isEmpty)
            }
            #expect(try installation.integer("SELECT count(*) FROM replay") == 0)
            #expect(try installation.integer("SELECT count(*) FROM delivery WHERE state = 'pending'") == 0)
        }
    }

    @Test(arguments: cases.filter { $0.options.count == 2 || $0.events == 2 }.map { ($0.options, $0.events, $0.deliveries) })
    func aReplayIsRecordedWithWhoAndWhy(options: [String], events: Int, deliveries: Int) async throws {
        let installation = try await Installation()
        let run = try await installation.run(["replay", "--reason", "shop was \"down\""] + options)
        #expect(run.status == 0)
        #expect(run.text == answer(events, deliveries))
        #expect(run.error == "terima: the service is not running; what was chosen is applied and sent when it starts\n")
        #expect(try installation.integer("SELECT count(*) FROM replay WHERE events = \(events) AND deliveries = \(deliveries)") == 1)
        #expect(try installation.text("SELECT reason FROM replay") == "shop was \"down\"")
        #expect(try installation.text("SELECT who FROM replay") == NSUserName())
        #expect(try installation.integer("SELECT count(*) FROM event WHERE again = 1") == Int64(events))
        #expect(try installation.integer("SELECT count(*) FROM delivery WHERE state = 'pending'") == Int64(deliveries))
    }

    @Test func theServiceIsAskedWhileItRuns() async throws {
        let shop = try await Shop.start()
        try await Installation(shop: shop.port).serve { served in
            let run = try await served.installation.run("replay", "--failed", "--reason", "because")
            #expect(run.status == 0)
            #expect(run.text == answer(2, 1))
            #expect(run.error.isEmpty)
            #expect(try served.installation.text("SELECT who || ': ' || reason FROM replay") == "\(NSUserName()): because")
            var told: Set<String> = []
            while told.count < 2, let notification = await shop.next() { told.insert(notification.json?["data"]?["charge"]?["id"]?.string ?? "") }
            #expect(told == [Template.late, Template.declined])
            // Safe to repeat: what could be done was done.
            #expect(try await served.installation.run("replay", "--failed").text == answer(1, 0))
        }
        await shop.stop()
    }

    /// What was replayed while terima was down is done when it starts.
    @Test func whatWasReplayedWaitsForTheService() async throws {
        let shop = try await Shop.start()
        let installation = try await Installation(shop: shop.port)
        #expect(try await installation.run("replay", "--endpoint", "shop").text == answer(0, 1))
        try await installation.serve { served in
            let told = try #require(await shop.next())
            #expect(told.json?["data"]?["charge"]?["id"]?.string == Template.declined)
            #expect(told.isSigned(with: installation.endpointSecret))
        }
        await shop.stop()
    }

    @Test(arguments: [[], ["--delivered"], ["--limit", "5"], ["--dry-run"], ["--reason", "x"]])
    func somethingMustBeChosen(options: [String]) async throws {
        let run = try await CommandRun.of(["replay"] + options, environment: [:])
        #expect(run.status == 64)
        #expect(run.error.hasPrefix("Error: say what to replay: --failed, --event, --charge, --endpoint, --type, --since or --until"))
    }

    @Test(arguments: [
        (["--failed", "--limit", "0"], "'limit' must be a whole number from 1 to 1000000000; it was '0'"), (["--event", ""], "'event' has an empty value"),
        (["--charge", ""], "'charge' has an empty value"), (["--type", "a b"], "'type' is no pattern of event types"),
        (["--since", "then"], "'since' must be"),
    ])
    func whatIsNotUnderstoodIsNamed(options: [String], message: String) async throws {
        let installation = try await Installation()
        let run = try await installation.run(["replay"] + options)
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
        #expect(run.error.hasPrefix("terima: " + message), "\(run.error)")
        #expect(try installation.integer("SELECT count(*) FROM replay") == 0)
    }

    /// Somebody else has the lock and no socket: nothing may be changed, but everything can be looked at.
    @Test func theLockKeepsASecondWriterOut() async throws {
        let installation = try await Installation()
        let store = try EventStore.open(path: installation.database)
        defer { store.close() }
        let run = try await installation.run("replay", "--failed")
        #expect(run.status == 74)
        #expect(run.output.isEmpty)
        #expect(run.error.hasPrefix("terima: database_locked: another terima (process \(ProcessInfo.processInfo.processIdentifier)) has the database open"))
        #expect(try await installation.run("replay", "--failed", "--dry-run").status == 74)
        #expect(try await installation.run("rebuild").status == 74)
        #expect(try await installation.run("charges", "list", "--json").objects.count == 4)
    }
}

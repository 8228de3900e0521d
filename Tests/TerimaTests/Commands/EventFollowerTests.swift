import PaymentCore
import Testing

@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct EventFollowerTests {
    private func follow(_ installation: Installation, _ options: String...) throws -> RunningCommand {
        RunningCommand.start(["events", "list", "--follow"] + options, environment: installation.environment)
    }

    @Test func eventsArePrintedAsTheyCome() async throws {
        try await Installation().serve { served in
            let command = try follow(served.installation, "--json", "--limit", "2")
            // First what is there, oldest first.
            #expect(await RunningCommand.next(of: command.output)?.hasPrefix(#"{"seq":13,"#) == true)
            #expect(await RunningCommand.next(of: command.output)?.hasPrefix(#"{"seq":14,"#) == true)
            for number in 15...17 {
                _ = try await served.receive(Life.report("report_\(number)"))
                let line = await RunningCommand.next(of: command.output)
                #expect(line?.hasPrefix(#"{"seq":\#(number),"source":"https://www.ppro.com","id":"event-report_\#(number)""#) == true)
            }
            // Ctrl-C is how it ends.
            #expect(try await command.stop(interrupt: true) == 2)
        }
    }

    @Test func linesForPeopleHaveTheMainFacts() async throws {
        try await Installation().serve { served in
            let command = try follow(served.installation, "--charge", "charge_declined")
            #expect(
                await RunningCommand.next(of: command.output)
                    == "2026-06-03T11:23:50Z  5  PAYMENT_CHARGE_CREATED  charge_declined  applied  advanced")
            #expect(await RunningCommand.next(of: command.output)?.contains("  6  PAYMENT_CHARGE_AUTHORIZATION_FAILED  ") == true)
            // Of another charge: not asked for.
            _ = try await served.receive(Life.charge("charge_9", "CREATED", at: 60, status: "AUTHORIZATION_PROCESSING"))
            _ = try await served.receive(Life.charge("charge_declined", "CAPTURE_FAILED", at: 60, status: "FAILED", #""captureId":"capture_9""#))
            #expect(await RunningCommand.next(of: command.output)?.contains("  16  PAYMENT_CHARGE_CAPTURE_FAILED  charge_declined  ") == true)
            _ = try await command.stop(interrupt: true)
        }
    }

    @Test func theEndOfTheServiceIsTold() async throws {
        try await Installation().serve { served in
            let command = try follow(served.installation, "--limit", "1")
            #expect(await RunningCommand.next(of: command.output)?.contains("  14  ") == true)
            try await served.stop()
            #expect(try await command.status() == 69)
            #expect(await RunningCommand.next(of: command.notes)?.hasPrefix("terima: ") == true)
        }
    }

    @Test func withoutTheServiceNothingComes() async throws {
        let run = try await Installation().run("events", "list", "--follow")
        #expect(run.status == 69)
        #expect(run.output.isEmpty)
        #expect(run.error == "terima: terima is not running, so no events will come; leave out --follow to see what is stored\n")
    }
}

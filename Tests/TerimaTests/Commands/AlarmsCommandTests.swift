import PaymentCore
import Testing

@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct AlarmsCommandTests {
    /// The template has a charge that has been pending for months, and one with an anomaly.
    @Test(arguments: Operating.allCases) func alarmsNameChargeMoneyTimeAndRemedy(operating: Operating) async throws {
        try await operating.with { installation in
            let run = try await installation.run("alarms")
            #expect(run.status == 1)
            #expect(run.error.isEmpty)
            #expect(run.lines.count == 4)
            #expect(run.lines[0].hasPrefix("- overdue: open for longer than the payment method allows: 1 charge, IDR 10,000.00, since 2026-06-03T11:33:40Z ("))
            #expect(run.lines[1].hasPrefix("    \(Template.odd)  \(Template.oddReference)  IDR 10,000.00  "))
            #expect(run.lines[1].hasSuffix("  AUTHORIZATION_PROCESSING for longer than such a status lasts  ->  terima charges show \(Template.odd)"))
            #expect(run.lines[2].hasPrefix("- anomaly: events contradict each other: 1 charge, IDR 10,000.00, since 2026-06-03T11:23:21Z ("))
            #expect(run.lines[3].hasSuffix("->  terima charges show charge_anomalous"))

            let json = try await installation.run("alarms", "list", "--json", "--kind", "anomaly")
            #expect(json.status == 1)
            let alarm = try #require(json.objects.first)
            #expect(json.objects.count == 1)
            #expect(
                alarm.members.map(\.key) == [
                    "kind", "charge", "merchantPaymentChargeReference", "status", "paymentMethod", "currency", "amount", "since", "endpoints", "problem",
                    "remedy",
                ])
            #expect(alarm["charge"]?.string == "charge_anomalous")
            #expect(alarm["amount"]?.integerValue == 1_000_000)
            #expect(alarm["since"]?.string == "2026-06-03T11:23:21.000Z")
        }
    }

    @Test(arguments: Operating.allCases) func anAlarmThatWasSeenIsSilent(operating: Operating) async throws {
        try await operating.with { installation in
            let seen = try await installation.run("alarms", "acknowledge", "--charge", "charge_anomalous", "--reason", "asked PPRO by phone")
            #expect(seen.status == 0)
            #expect(seen.text == "acknowledged anomaly of charge_anomalous: IDR 10,000.00\n")
            #expect(try installation.text("SELECT reason FROM acknowledgement") == "asked PPRO by phone")
            let unknown = try await installation.run("alarms", "acknowledge", "--charge", "pay-4712")
            #expect(unknown.status == 66)
            #expect(unknown.error == "terima: no charge 'pay-4712'\n")
            let again = try await installation.run("alarms", "acknowledge", "--charge", "charge_anomalous")
            #expect(again.status == 66)
            #expect(again.error == "terima: no alarm about charge 'charge_anomalous' is raised\n")
            #expect(try await installation.run("alarms", "--kind", "anomaly").status == 0)
            _ = try await installation.run("alarms", "acknowledge", "--charge", Template.oddReference, "--kind", "overdue", "--json")
            let all = try await installation.run("alarms")
            #expect(all.status == 0)
            #expect(all.text == "No alarms about money.\n")
        }
    }

    @Test func wrongWordsAreRefusedWithTheRightOnes() async throws {
        try await Operating.running.with { installation in
            let run = try await installation.run("alarms", "list", "--kind", "lost")
            #expect(run.status == 64)
            #expect(run.error.contains("'kind' must be one of untold, overdue, silence, captured_differs"))
            let silence = try await installation.run("alarms", "acknowledge", "--charge", "charge_paid", "--kind", "silence")
            #expect(silence.status == 64)
            #expect(silence.error.contains("TERIMA_SILENCE_ALARM"))
        }
    }
}

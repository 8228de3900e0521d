import PaymentCore
import Testing

@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct ChargesCommandTests {
    private let headings = ["CHARGE", "RESULT", "STATUS", "AMOUNT", "CAPTURED", "REFUNDED", "VERSION", "UPDATED", "REFERENCE", "NOTE"]

    @Test(arguments: Operating.allCases) func amountsAreForPeopleInTablesAndMinorUnitsInJSON(operating: Operating) async throws {
        try await operating.with { installation in
            let run = try await installation.run("charges", "list")
            #expect(run.status == 0)
            #expect(run.lines.first?.split(separator: " ").map(String.init) == headings)
            #expect(run.lines.count == 5)
            let paid = try #require(run.lines.first { $0.hasPrefix("charge_paid") })
            #expect(paid.contains("  paid     CAPTURED                  IDR 10,000.00  IDR 10,000.00         -        4  2026-06-03T11:23:03Z ("))
            #expect(paid.hasSuffix("  pay-4711"))
            #expect(run.lines.contains { $0.hasPrefix("charge_declined") && $0.hasSuffix("  INSUFFICIENT_FUNDS") })
            #expect(run.lines.contains { $0.hasPrefix("charge_anomalous") && $0.hasSuffix("  1 anomaly") })

            let json = try await installation.run("charges", "list", "--json")
            #expect(json.objects.map { $0["id"]?.string } == [Template.odd, "charge_anomalous", "charge_declined", "charge_paid"])
            #expect(json.objects.last?["captured"]?.integerValue == 1_000_000)
            #expect(json.objects.last?["updatedAt"]?.string == "2026-06-03T11:23:03.000Z")
        }
    }

    @Test func everyOptionChooses() async throws {
        let cases: [(options: [String], count: Int)] = [
            (["--state", "paid"], 2), (["--state", "CAPTURED", "--state", "FAILED"], 3), (["--charge", "charge_paid"], 1), (["--anomalous"], 1),
            (["--reference", "pay-4711"], 1), (["--reference", "order-4711"], 1), (["--reference", Template.oddReference], 1),
            (["--charge", Template.odd], 1), (["--since", "2026-06-03T11:23:30Z"], 1), (["--until", "2026-06-03T11:23:10Z"], 1), (["--limit", "2"], 2),
        ]
        try await Operating.running.with { installation in
            for (options, count) in cases {
                let run = try await installation.run(["charges", "list", "--json"] + options)
                #expect(run.status == 0, "\(options): \(run.error)")
                #expect(run.objects.count == count, "\(options)")
            }
        }
    }

    @Test(arguments: Operating.allCases) func oneChargeIsShownWithItsHistory(operating: Operating) async throws {
        try await operating.with { installation in
            let run = try await installation.run("charges", "show", "charge_paid")
            #expect(run.status == 0)
            #expect(run.lines.first == "charge        charge_paid")
            for line in ["result        paid", "captured      IDR 10,000.00", "reference     pay-4711", "order         order-4711", "merchant      merchant_1"]
            {
                #expect(run.lines.contains(line), "\(line)")
            }
            // What is nothing is left out.
            #expect(!run.lines.contains { $0.hasPrefix("refunded") || $0.hasPrefix("failure") })
            #expect(run.lines.suffix(5).map { $0.split(separator: " ").first ?? "" } == ["VERSION", "1", "2", "3", "4"])
            let last = try #require(run.lines.last).split(separator: " ").dropFirst(2)
            #expect(last.dropLast() == ["CAPTURED", "PAYMENT_CHARGE_CAPTURE_SUCCEEDED", "charge_paid-CAPTURE_SUCCEEDED"])
            #expect(last.last?.hasPrefix("ntf_") == true)
            // By the shop's own reference too.
            #expect(try await installation.run("charges", "show", "pay-4711").output == run.output)
            let odd = try await installation.run("charges", "show", Template.odd, "--json")
            #expect(odd.objects.first?["id"]?.string == Template.odd)
            #expect(odd.objects.first?["history"]?.elements.count == 1)
            let missing = try await installation.run("charges", "show", "charge/none")
            #expect(missing.status == 66)
            #expect(missing.error == "terima: no charge 'charge/none'\n")
        }
    }

    @Test(arguments: Operating.allCases) func agreementsAreListedAndShown(operating: Operating) async throws {
        try await operating.with { installation in
            let run = try await installation.run("agreements", "list")
            #expect(run.status == 0)
            #expect(
                run.lines.first?.split(separator: " ").map(String.init) == ["AGREEMENT", "STATUS", "METHOD", "VERSION", "UPDATED", "REFERENCE", "ANOMALIES"])
            #expect(run.lines.last?.hasPrefix("agr_1      ACTIVE  -             2  2026-06-03T11:23:31Z (") == true)
            let json = try await installation.run("agreements", "--json", "--state", "ACTIVE")
            #expect(json.objects.map { $0["id"]?.string } == ["agr_1"])
            #expect(try await installation.run("agreements", "list", "--state", "REVOKED", "--json").output.isEmpty)
            let shown = try await installation.run("agreements", "show", "agr_1")
            #expect(shown.lines.first == "agreement  agr_1")
            #expect(shown.lines.contains("reference  abo-1"))
            #expect(shown.lines.last?.split(separator: " ").dropFirst(2).dropLast() == ["ACTIVE", "PAYMENT_AGREEMENT_ACTIVE", "agr_1-ACTIVE"])
            #expect(try await installation.run("agreements", "show", "agr_1", "--json").objects.first?["history"]?.elements.count == 2)
            #expect(try await installation.run("agreements", "show", "agr_2").status == 66)
        }
    }

    /// What PPRO calls a thing reaches the terminal without its control characters, and a program unchanged.
    @Test func aForgedNameDoesNotSteerTheTerminal() async throws {
        let installation = try await Installation()
        try installation.tamper("UPDATE charge SET merchant_reference = 'a' || char(27) || '[2J' || char(10) || 'b' WHERE id = 'charge_paid'")
        let table = try await installation.run("charges", "list", "--charge", "charge_paid")
        #expect(table.lines.count == 2)
        #expect(table.lines.last?.hasSuffix("  a?[2J?b") == true)
        let json = try await installation.run("charges", "list", "--charge", "charge_paid", "--json")
        #expect(json.lines.count == 1)
        #expect(json.objects.first?["merchantPaymentChargeReference"]?.string == "a\u{1B}[2J\nb")
    }
}

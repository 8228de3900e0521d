import PaymentCore
import Testing

@testable import Terima

/// `terima charges show --remote`.
@Suite(.timeLimit(.minutes(5))) struct RemoteShowTests {
    private func installation(_ ppro: FakePPRO) async throws -> Installation {
        var installation = try await Installation()
        installation.environment.merge(ppro.environment) { $1 }
        return installation
    }

    /// As the seeded database has it.
    private func ours(_ installation: Installation) async throws -> JSONValue {
        try #require(try await installation.run("charges", "show", "charge_paid", "--json").objects.first)
    }

    @Test func theSameIsZeroAndADifferenceIsOne() async throws {
        let ppro = try await FakePPRO.start()
        let installation = try await installation(ppro)
        let ours = try await ours(installation)
        var charge = FakePPRO.Charge(
            status: ours["status"]?.string ?? "", reference: ours["merchantPaymentChargeReference"]?.string, authorized: ours["authorized"]?.integerValue,
            captured: ours["captured"]?.integerValue, failureCode: ours["failureCode"]?.string)
        ppro.set("charge_paid", charge)
        let same = try await installation.run("charges", "show", "--remote", "charge_paid")
        #expect(same.status == 0)
        #expect(same.lines.last == "No difference. (Chargebacks are no part of PPRO's answer.)")
        #expect(same.lines.first == "charge        charge_paid")

        charge.status = "REFUNDED"
        ppro.set("charge_paid", charge)
        let different = try await installation.run("charges", "show", "--remote", "charge_paid")
        #expect(different.status == 1)
        #expect(different.lines.contains { $0.hasPrefix("status") && $0.hasSuffix("REFUNDED       <- differs") })
        #expect(different.lines.last == "To take PPRO's word:  terima reconcile --charge charge_paid")
        let json = try await installation.run("charges", "show", "--remote", "charge_paid", "--json")
        #expect(json.status == 1)
        #expect(json.objects.first?["differences"]?.elements.compactMap(\.string) == ["status"])
        #expect(json.objects.first?["ppro"]?["status"]?.string == "REFUNDED")
        await ppro.stop()
    }

    @Test func whatOnlyOneKnows() async throws {
        let ppro = try await FakePPRO.start()
        let installation = try await installation(ppro)
        ppro.set("charge_new", .init(status: "CAPTURED", reference: "pay-new", authorized: 5, captured: 5))
        for name in ["charge_new", "pay-new"] {
            let run = try await installation.run("charges", "show", "--remote", name)
            #expect(run.status == 1)
            #expect(run.lines.contains("terima has never heard of it: no webhook has come."))
        }
        let unknown = try await installation.run("charges", "show", "--remote", "charge_paid")
        #expect(unknown.status == 1)
        #expect(unknown.lines.last == "PPRO knows no such charge: is TERIMA_PPRO_MERCHANT_ID right?")
        for name in ["charge_none", "pay-none"] { #expect(try await installation.run("charges", "show", "--remote", name).status == 66) }
        await ppro.stop()
    }

    /// terima knows the charge by its id, PPRO by its reference, and neither names the other's.
    @Test func oursIsFoundByThePathOverPPRO() async throws {
        let ppro = try await FakePPRO.start()
        let installation = try await installation(ppro)
        for reference in ["pay-of-ppro", "charge_of.table.7"] {
            ppro.set("charge_paid", .init(status: "REFUNDED", reference: reference, namesReference: false))
            let run = try await installation.run("charges", "show", "--remote", reference, "--json")
            #expect(run.status == 1)
            let shown = try #require(run.objects.first)
            #expect(shown["charge"]?.string == "charge_paid")
            #expect(shown["terima"]?["status"]?.string?.isEmpty == false)
            #expect(shown["ppro"]?["merchantPaymentChargeReference"]?.string == reference)
        }
        await ppro.stop()
    }

    @Test func pprosTroubleIsTold() async throws {
        let ppro = try await FakePPRO.start()
        let installation = try await installation(ppro)
        ppro.fail(with: 403)
        let run = try await installation.run("charges", "show", "--remote", "charge_paid")
        #expect(run.status == 78)
        #expect(run.error == "terima: PPRO: get charge: PPRO answered 403: trouble (unauthorized)\n")
        var bare = installation
        for name in ppro.environment.keys { bare.environment[name] = nil }
        #expect(try await bare.run("charges", "show", "--remote", "charge_paid").status == 78)
        await ppro.stop()
    }
}

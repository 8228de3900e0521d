import PaymentCore
import Testing

@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct RebuildCommandTests {
    private func damaged() async throws -> Installation {
        let installation = try await Installation()
        try installation.tamper("UPDATE charge SET captured = 1, status = 'FAILED' WHERE id = 'charge_paid'")
        return installation
    }

    @Test(arguments: Operating.allCases) func whereAllIsRightThereIsNothingToDo(operating: Operating) async throws {
        try await operating.with { installation in
            for options in [["--check"], []] {
                let run = try await installation.run(["rebuild"] + options)
                #expect(run.status == 0)
                #expect(run.text == "4 charges and 1 agreement folded again: no difference.\n")
                #expect(run.error.isEmpty)
            }
            let json = try await installation.run("rebuild", "--check", "--json")
            #expect(json.text == #"{"charges":4,"agreements":1,"different":0,"repaired":0,"ids":[]}"# + "\n")
        }
    }

    @Test func aDifferenceIsFoundAndRepaired() async throws {
        let installation = try await damaged()
        for _ in 1...2 {
            let check = try await installation.run("rebuild", "--check")
            #expect(check.status == 1)
            #expect(check.lines == ["4 charges and 1 agreement folded again: 1 different, 0 repaired.", "  charge_paid"])
            #expect(check.error == "terima: what is stored is not what the events say; `terima rebuild` repairs it\n")
        }
        #expect(try installation.integer("SELECT captured FROM charge WHERE id = 'charge_paid'") == 1)
        let repair = try await installation.run("rebuild", "--json")
        #expect(repair.status == 0)
        #expect(repair.text == #"{"charges":4,"agreements":1,"different":1,"repaired":1,"ids":["charge_paid"]}"# + "\n")
        #expect(try await installation.run("rebuild", "--check").status == 0)
        let charge = try await installation.run("charges", "show", "charge_paid", "--json").objects.first
        #expect(charge?["status"]?.string == "CAPTURED" && charge?["captured"]?.integerValue == 1_000_000)
        #expect(charge?["version"]?.integerValue == 5)
    }

    /// A repair is a change like any other: the shop hears of it.
    @Test func theShopIsToldOfARepair() async throws {
        let shop = try await Shop.start()
        var installation = try await damaged()
        installation.environment["TERIMA_ENDPOINT_SHOP_URL"] = "http://127.0.0.1:\(shop.port)/hook"
        try await installation.serve { [installation] _ in
            #expect(try await installation.run("rebuild", "--check").status == 1)
            #expect(try await installation.run("rebuild").text.contains("1 different, 1 repaired"))
            let told = try #require(await shop.next())
            #expect(told.json?["type"]?.string == "charge.captured")
            #expect(told.json?["data"]?["version"]?.integerValue == 5)
            #expect(told.json?["data"]?["previousStatus"]?.string == "FAILED")
        }
        await shop.stop()
    }
}

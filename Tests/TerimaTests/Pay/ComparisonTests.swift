import PaymentCore
import Testing

@testable import Terima

@Suite struct ComparisonTests {
    private func ours(_ members: String) throws -> ChargeView { ChargeView(Row(json: try JSONDocument.parse(Array(members.utf8)).root)) }

    private func theirs(_ charge: FakePPRO.Charge) throws -> ChargeView {
        ChargeView(try RemoteCharge(try JSONDocument.parse(Array(FakePPRO.json("charge_1", charge).utf8)).root))
    }

    private let paid =
        #"{"status":"CAPTURED","currency":"IDR","authorized":1000000,"captured":1000000,"refunded":0,"voided":0,"paymentMethod":"JENIUS_PAY","#
        + #""merchantPaymentChargeReference":"pay-1","failureCode":null}"#
    private let captured = FakePPRO.Charge(status: "CAPTURED", reference: "pay-1", authorized: 1_000_000, captured: 1_000_000)

    @Test func theSameIsNoDifference() throws {
        let comparison = Comparison(ours: try ours(paid), theirs: try theirs(captured))
        #expect(comparison.agrees)
        #expect(comparison.differences.isEmpty)
        #expect(
            comparison.table.lines == [
                "            TERIMA         PPRO", "status      CAPTURED       CAPTURED", "currency    IDR            IDR",
                "authorized  IDR 10,000.00  IDR 10,000.00", "captured    IDR 10,000.00  IDR 10,000.00", "method      JENIUS_PAY     JENIUS_PAY",
                "reference   pay-1          pay-1",
            ])
    }

    @Test func everyDifferenceIsMarked() throws {
        let failed = FakePPRO.Charge(status: "FAILED", reference: "pay-2", authorized: 2_000_000, failureCode: "INSUFFICIENT_FUNDS")
        let comparison = Comparison(ours: try ours(paid), theirs: try theirs(failed))
        #expect(comparison.differences == ["status", "authorized", "captured", "merchantPaymentChargeReference", "failureCode"])
        #expect(comparison.table.lines.filter { $0.hasSuffix("  <- differs") }.count == 5)
        #expect(comparison.table.lines.contains("failure     -              INSUFFICIENT_FUNDS  <- differs"))
        let json = try JSONDocument.parse(comparison.json(charge: "charge_1")).root
        #expect(json["agrees"]?.bool == false)
        #expect(json["differences"]?.elements.compactMap(\.string) == comparison.differences)
        #expect(json["terima"]?["captured"]?.integerValue == 1_000_000)
        #expect(json["ppro"]?["captured"]?.integerValue == 0)
    }

    @Test func whatPPROLeavesUnsaidIsNoDifference() throws {
        var unnamed = captured
        unnamed.reference = nil
        #expect(Comparison(ours: try ours(paid), theirs: try theirs(unnamed)).agrees)
        let ours = try ours(paid.replacing("null", with: #""CANCELED_BY_CONSUMER""#))
        #expect(Comparison(ours: ours, theirs: try theirs(captured)).agrees)
    }

    /// What terima takes in of PPRO's answer is what it compares with later, wherever PPRO put the failure.
    @Test(arguments: [
        #""authorizations":[{"id":"a_1","amount":5,"status":"FAILED","failure":{"failureCode":"INSUFFICIENT_FUNDS"}}]"#,
        #""authorizations":[{"id":"a_1","amount":5,"status":"FAILED","failure":{"failureCode":"X"}},"#
            + #"{"id":"a_2","amount":5,"status":"FAILED","failure":{"failureCode":"INSUFFICIENT_FUNDS"}}],"failure":null"#,
        #""authorizations":[{"id":"a_1","amount":5,"status":"AUTHORIZED"}],"captures":[{"id":"c_1","amount":5,"status":"FAILED","#
            + #""failure":{"failureCode":"INSUFFICIENT_FUNDS"}}]"#,
        #""failure":{"failureCode":"INSUFFICIENT_FUNDS"},"captures":[{"id":"c_1","amount":5,"status":"FAILED","failure":{"failureCode":"X"}}]"#,
    ])
    func aFailureIsTheSameWhereverItStands(members: String) throws {
        let times = #""createdAt":"2026-06-03T11:23:00.000Z","updatedAt":"2026-06-03T11:24:00.000Z""#
        func comparison(_ status: String) throws -> Comparison {
            let text = #"{"id":"charge_1","currency":"EUR","status":"\#(status)",\#(times),\#(members)}"#
            let remote = try RemoteCharge(try JSONDocument.parse(Array(text.utf8)).root)
            guard case .readable(let facts) = Event.reconciled(remote, receivedAt: remote.updatedAt).content else { throw DecodingFailure.notAnObject }
            let charge = try #require(Charge.fold(id: remote.id, events: [ChargeEvent(seq: 1, id: "", facts: facts)])?.state)
            var writer = JSONWriter()
            writer.object { charge.writeMembers(to: &$0, version: 1) }
            return Comparison(ours: ChargeView(Row(json: try JSONDocument.parse(writer.bytes).root)), theirs: ChargeView(remote))
        }
        let failed = try comparison("FAILED")
        #expect(failed.theirs?.failureCode == "INSUFFICIENT_FUNDS")
        #expect(failed.differences == [])
        // An attempt that failed is no failure of a charge that goes on.
        #expect(try comparison("CAPTURE_PENDING").differences == [])
    }

    @Test func aChargeThatOneDoesNotKnowDiffers() throws {
        let unheard = Comparison(ours: nil, theirs: try theirs(captured))
        #expect(!unheard.agrees && unheard.differences.contains("status") && unheard.differences.contains("captured"))
        let unknown = Comparison(ours: try ours(paid), theirs: nil)
        #expect(!unknown.agrees && unknown.differences.contains("status") && unknown.differences.contains("captured"))
        #expect(try JSONDocument.parse(unknown.json(charge: "charge_1")).root["ppro"]?.isNull == true)
    }

    /// The words of old deliveries are today's, and an amount beyond a double's digits is exact.
    @Test func wordsAreComparedAsTheyAreMeantAndAmountsExactly() throws {
        let old = try ours(paid.replacing("CAPTURED", with: "SUCCESS"))
        #expect(Comparison(ours: old, theirs: try theirs(captured)).agrees)
        var large = captured
        large.captured = 9_007_199_254_740_993
        let ours = try ours(paid.replacing(#""captured":1000000"#, with: #""captured":9007199254740992"#))
        #expect(Comparison(ours: ours, theirs: try theirs(large)).differences == ["captured"])
    }
}

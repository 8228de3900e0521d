import PaymentCore
import Testing

@testable import Terima

@Suite struct RowTests {
    private func row(_ json: String) throws -> Row { Row(json: try JSONDocument.parse(Array(json.utf8)).root) }

    @Test func cellsSayWhatTheMembersSay() throws {
        let row = try row(#"{"a":"x","b":12,"c":true,"d":false,"e":null,"f":[1],"g":""}"#)
        #expect(["a", "b", "c", "d", "e", "f", "g", "h"].map(row.text) == ["x", "12", "yes", "no", "-", "-", "", "-"])
        #expect(row.integer("b") == 12 && row.integer("a") == nil)
    }

    @Test func amountsHaveTheirCurrencysDecimals() throws {
        let row = try row(#"{"currency":"IDR","captured":1000000,"refunded":0,"voided":null,"back":-5}"#)
        #expect(row.amount("captured") == "IDR 10,000.00")
        #expect(row.amount("refunded") == "-")
        #expect(row.amount("voided") == "-")
        #expect(row.amount("back") == "IDR -0.05")
        #expect(try self.row(#"{"currency":"JPY","captured":1234567}"#).amount("captured") == "JPY 1,234,567")
        #expect(try self.row(#"{"currency":"BHD","captured":1}"#).amount("captured") == "BHD 0.001")
    }

    @Test func timesAreRead() throws {
        let row = try row(#"{"at":"2026-06-03T11:23:00.500Z","bad":"then"}"#)
        let now = Instant(milliseconds: Life.start + 60_000)
        #expect(row.instant("at")?.milliseconds == Life.start + 500)
        #expect(row.when("at", now: now) == "2026-06-03T11:23:00Z (59 s ago)")
        #expect(row.when("bad", now: now) == "-")
    }

    @Test func anAnswerIsReadAsRows() throws {
        let list = OperatorAnswer(bytes: Array(#"{"data":[{"id":"a"},{"id":"b"}],"next":null}"#.utf8))
        #expect(try list.rows.map { $0.text("id") } == ["a", "b"])
        #expect(try list.row.json["next"]?.isNull == true)
        let garbage = OperatorAnswer(bytes: Array("<html>".utf8))
        #expect { try garbage.rows } throws: { ($0 as? CommandFailure)?.code == .unavailable }
    }
}

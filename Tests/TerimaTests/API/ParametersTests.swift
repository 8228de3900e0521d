import EventStore
import PaymentCore
import Testing

@testable import Terima

/// A name or a value that means nothing is refused, and the refusal names it.
@Suite struct ParametersTests {
    private let now = Instant(milliseconds: 1_780_485_780_000)

    private func refusal(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            let problem = error as? Problem
            return problem?.code == .badRequest ? problem?.detail : "\(error)"
        }
    }

    @Test func unknownNamesAreRefusedWithTheKnownOnes() throws {
        let parameters = Parameters([("state", "applied"), ("stat", "applied")])
        #expect(refusal { try parameters.allow("state", "limit") } == "unknown parameter 'stat'; known here: state, limit")
        #expect(refusal { try parameters.allow() } == "unknown parameter 'state'; known here: none")
        try parameters.allow("stat", "state")
        try Parameters().allow()
    }

    @Test func aTextIsGivenOnce() throws {
        let parameters = Parameters([("charge", "a,b"), ("x", "1"), ("x", "1"), ("y", "")])
        #expect(try parameters.text("charge") == "a,b")
        #expect(try parameters.text("other") == nil)
        #expect(refusal { _ = try parameters.text("x") } == "'x' is given twice")
        #expect(refusal { _ = try parameters.text("y") } == "'y' has an empty value")
        #expect(try parameters.textOrEmpty("y")?.isEmpty == true)
    }

    @Test func aListIsRepeatedOrSeparatedByCommas() throws {
        let parameters = Parameters([("type", "a,b"), ("other", "c"), ("type", "d")])
        #expect(try parameters.list("type") == ["a", "b", "d"])
        #expect(try parameters.list("state").isEmpty)
    }

    /// An empty value would otherwise choose everything.
    @Test(arguments: ["", ",", "a,", ",a", "a,,b"]) func anEmptyItemIsRefused(value: String) {
        #expect(refusal { _ = try Parameters([("state", value)]).list("state") } == "'state' has an empty value")
    }

    @Test func wordsAreAClosedSet() throws {
        #expect(try Parameters([("state", "dead,pending")]).words("state", DeliveryState.self) == [.dead, .pending])
        let refused = refusal { _ = try Parameters([("state", "Dead")]).words("state", DeliveryState.self) }
        #expect(refused == "'state' must be one of pending, delivered, dead; it was 'Dead'")
    }

    @Test func numbersHaveBounds() throws {
        for (text, number) in [("0", Int64(0)), ("7", 7), ("9223372036854775807", .max)] {
            #expect(try Parameters([("after", text)]).integer("after", 0...Int64.max) == number)
        }
        for text in ["-1", "9223372036854775808", "1.5", "1e3", " 1", "", "٣", "0x1"] {
            let refused = refusal { _ = try Parameters([("after", text)]).integer("after", 0...Int64.max) }
            #expect(refused?.hasPrefix("'after' ") == true, "\(text)")
        }
    }

    @Test func aPageIsFiftyRowsUnlessAskedOtherwise() throws {
        #expect(try Parameters().page().limit == 50)
        for limit in [1, 50, 10_000] { #expect(try Parameters([("limit", "\(limit)")]).page().limit == limit) }
        for limit in ["0", "10001", "-1", "many"] {
            let refused = refusal { _ = try Parameters([("limit", limit)]).page() }
            #expect(refused == "'limit' must be a whole number from 1 to 10000; it was '\(limit)'")
        }
        #expect(refusal { _ = try Parameters([("after", "1"), ("before", "9")]).page() } == "'after' and 'before' exclude each other")
        let page = try Parameters([("before", "9"), ("limit", "3")]).page()
        #expect(page.before == 9 && page.after == nil && page.limit == 3)
    }

    @Test func aTimeIsWrittenOrSoLongAgo() throws {
        func instant(_ text: String) throws -> Instant? { try Parameters([("since", text)]).instant("since", now: now) }
        #expect(try instant("2026-06-03T11:23:00Z") == now)
        #expect(try instant("2026-06-03T18:23:00+07:00") == now)
        #expect(try instant("2h") == Instant(milliseconds: now.milliseconds - 7_200_000))
        #expect(try instant("0s") == now)
        // Longer than there has been time.
        #expect(try instant("106751991167d")?.milliseconds == now.milliseconds - 106_751_991_167 * 86_400_000)
        #expect(try Parameters().instant("since", now: now) == nil)
        for text in ["yesterday", "2026-06-03", "2 h", "-2h", "2", "2026-06-03T25:00:00Z", "106751991168d"] {
            let refused = refusal { _ = try instant(text) }
            #expect(refused == "'since' must be a time like 2026-06-03T11:23:47Z or how long ago, like 2h; it was '\(text)'")
        }
    }

    @Test func aDurationHasAnEnd() throws {
        func duration(_ text: String) throws -> Int64? { try Parameters([("wait", text)]).duration("wait", atMost: 60_000) }
        #expect(try duration("60s") == 60_000)
        #expect(try duration("1m") == 60_000)
        #expect(try duration("0s") == 0)
        for text in ["61s", "60001ms", "60", "s", "1h"] {
            #expect(refusal { _ = try duration(text) } == "'wait' must be a duration like 30s, at most 1m; it was '\(text)'")
        }
    }

    @Test func aFlagNeedsNoValue() throws {
        #expect(try Parameters().flag("anomalous") == false)
        for (text, value) in [("", true), ("true", true), ("false", false)] { #expect(try Parameters([("anomalous", text)]).flag("anomalous") == value) }
        #expect(refusal { _ = try Parameters([("anomalous", "yes")]).flag("anomalous") } == "'anomalous' must be true or false; it was 'yes'")
    }

    @Test func patternsAreChecked() throws {
        #expect(try Parameters([("type", "charge.*,agreement.active")]).patterns("type").map(\.description) == ["charge.*", "agreement.active"])
        #expect(refusal { _ = try Parameters([("type", "a b")]).patterns("type") } == "'type' is no pattern of types: 'a b'")
    }
}

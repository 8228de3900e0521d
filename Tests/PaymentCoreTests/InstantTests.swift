import PaymentCore
import Testing

@Suite struct InstantTests {
    /// Milliseconds by Python's `datetime`.
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-06-03T11:23:47.123Z", 1_780_485_827_123), ("2000-02-29T23:59:59.999Z", 951_868_799_999),
        ("1969-12-31T23:59:59.999Z", -1), ("1900-03-01T00:00:00Z", -2_203_891_200_000), ("2100-02-28T00:00:00Z", 4_107_456_000_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999), ("0000-01-01T00:00:00Z", -62_167_219_200_000),
        ("2024-02-29T12:00:00+07:00", 1_709_182_800_000), ("2024-12-31T23:30:00-01:30", 1_735_693_200_000), ("2026-06-03t11:23:47z", 1_780_485_827_000),
        ("2026-06-03T11:23:47.1Z", 1_780_485_827_100), ("2026-06-03T11:23:47.123999999Z", 1_780_485_827_123), ("2026-06-03T11:23:47-00:00", 1_780_485_827_000),
        ("1969-12-31T23:59:59.0009Z", -1000), ("2016-12-31T23:59:60Z", 1_483_228_799_999), ("2017-01-01T06:59:60.25+07:00", 1_483_228_799_999),
        ("2026-06-03T23:59:59+23:59", 1_780_444_859_000),
    ]) func timesAreRead(text: String, milliseconds: Int64) {
        #expect(Instant(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-06-03", "2026-06-03T11:23:47", "2026-06-03 11:23:47Z", "2026-6-03T11:23:47Z", "26-06-03T11:23:47Z", "2026-00-03T11:23:47Z",
        "2026-13-03T11:23:47Z", "2026-06-00T11:23:47Z", "2026-06-31T11:23:47Z", "2026-02-29T11:23:47Z", "2100-02-29T11:23:47Z", "2026-06-03T24:00:00Z",
        "2026-06-03T11:60:47Z", "2026-06-03T11:23:61Z", "2026-06-03T11:23:60Z", "2026-06-03T23:59:60+01:00", "2026-06-03T11:23:47.Z",
        "2026-06-03T11:23:47.1234567890Z", "2026-06-03T11:23:47,123Z", "2026-06-03T11:23:47+7:00", "2026-06-03T11:23:47+0700", "2026-06-03T11:23:47+24:00",
        "2026-06-03T11:23:47+07:60", "2026-06-03T11:23:47ZZ", " 2026-06-03T11:23:47Z", "2026-06-03T11:23:47Z ", "+002026-06-03T11:23:47Z",
        "-026-06-03T11:23:47Z", "2026-06-03T11:23Z", "20260603T112347Z", "2026-06-03T11:23:47.12x3Z", "２026-06-03T11:23:47Z", "2026-06-03T11:23:47\u{0}Z",
    ]) func otherTextsAreNoTimes(text: String) {
        #expect(Instant(iso8601: text) == nil)
    }

    @Test func everyDayOfFourCenturiesComesBack() {
        var previous = Instant(milliseconds: -62_167_219_200_000 - 86_400_000)
        for day in -719_528 ..< -719_528 + 146_097 + 400 {
            let instant = Instant(milliseconds: Int64(day) * 86_400_000 + 45_296_007)
            let text = instant.iso8601
            #expect(Instant(iso8601: text) == instant)
            #expect(text.hasSuffix("T12:34:56.007Z"))
            #expect(instant.milliseconds(since: previous) >= 86_400_000)
            previous = instant
        }
    }

    @Test func timesOutsideTheFormStopAtItsEnds() {
        #expect(Instant(milliseconds: .max).iso8601 == "9999-12-31T23:59:59.999Z")
        #expect(Instant(milliseconds: .min).iso8601 == "0000-01-01T00:00:00.000Z")
        #expect(Instant(milliseconds: -1).iso8601 == "1969-12-31T23:59:59.999Z")
        #expect(Instant(milliseconds: 1_780_485_827_005).iso8601 == "2026-06-03T11:23:47.005Z")
    }

    @Test func arithmeticStopsAtTheEndsOfTheRange() {
        #expect(Instant(milliseconds: .max).advanced(byMilliseconds: 1).milliseconds == .max)
        #expect(Instant(milliseconds: .min).advanced(byMilliseconds: -1).milliseconds == .min)
        #expect(Instant(milliseconds: .max).milliseconds(since: Instant(milliseconds: -1)) == .max)
        #expect(Instant(milliseconds: .min).milliseconds(since: Instant(milliseconds: 1)) == .min)
    }
}

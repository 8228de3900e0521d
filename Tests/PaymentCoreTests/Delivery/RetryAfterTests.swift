import PaymentCore
import Testing

extension DeliveryTests {
    struct RetryAfterTests {
        /// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
        private let example = Instant(milliseconds: 784_111_777_000)
        private let day: Int64 = 86_400_000

        @Test(
            arguments: [
                ("0", 0), ("1", 1000), ("120", 120_000), ("00120", 120_000), (" 120\t", 120_000), ("86399", 86_399_000), ("86400", 86_400_000),
                ("86401", 86_400_000), ("9223372036854775807", 86_400_000), ("9223372036854775808", 86_400_000),
                (String(repeating: "9", count: 400), 86_400_000),
            ] as [(String, Int64)])
        func seconds(value: String, expected: Int64) {
            #expect(RetryAfter.parse(value, now: example) == expected)
        }

        @Test(arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
        func threeFormsOfADate(value: String) {
            #expect(RetryAfter.parse(value, now: example) == 0)
            #expect(RetryAfter.parse(value, now: example.advanced(byMilliseconds: -2500)) == 2500)
            #expect(RetryAfter.parse(value, now: example.advanced(byMilliseconds: -day)) == day)
            #expect(RetryAfter.parse(value, now: example.advanced(byMilliseconds: -day - 1)) == day, "further ahead is cut")
            #expect(RetryAfter.parse(value, now: example.advanced(byMilliseconds: 1)) == 0, "a date that has passed is now")
        }

        @Test func daysOfTwoDigitsInEveryForm() {
            let now = Instant(milliseconds: 1_780_264_800_000)  // Sun, 31 May 2026 22:00:00 GMT
            for value in ["Sun, 31 May 2026 22:00:10 GMT", "Sunday, 31-May-26 22:00:10 GMT", "Sun May 31 22:00:10 2026"] {
                #expect(RetryAfter.parse(value, now: now) == 10_000, "\(value)")
            }
        }

        @Test func twoDigitYearsAreAtMostFiftyYearsAhead() {
            let now = Instant(milliseconds: 1_780_264_800_000)  // 2026
            #expect(RetryAfter.parse("Sunday, 31-May-76 22:00:00 GMT", now: now) == day, "2076")
            #expect(RetryAfter.parse("Sunday, 31-May-77 22:00:00 GMT", now: now) == 0, "1977")
            let turn = Instant(milliseconds: 946_684_799_000)  // Fri, 31 Dec 1999 23:59:59 GMT
            #expect(RetryAfter.parse("Saturday, 01-Jan-00 00:00:00 GMT", now: turn) == 1000, "2000, not 1900")
        }

        @Test func leapDaysAreDaysOnlyInLeapYears() {
            let now = Instant(milliseconds: 1_709_164_800_000)  // Thu, 29 Feb 2024 00:00:00 GMT
            #expect(RetryAfter.parse("Thu, 29 Feb 2024 00:00:05 GMT", now: now) == 5000)
            #expect(RetryAfter.parse("Wed, 29 Feb 2023 00:00:05 GMT", now: now) == nil)
        }

        @Test(arguments: [
            "", " ", "-1", "-120", "+120", "1.5", "120s", "1e3", "0x10", "1 2", "120, 240", "soon", "١٢٠", "120\r\n", "120\0",
            "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 +0000", "Sun, 06 Nov 1994 08:49:37 GMT GMT",
            "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT",
            "Sun 06 Nov 1994 08:49:37 GMT", "Son, 06 Nov 1994 08:49:37 GMT", ", 06 Nov 1994 08:49:37 GMT", "Sun,  06 Nov 1994 08:49:37 GMT",
            "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 06 Nov 1994 08:49:3Z GMT", "Sun, 06 Nov 1994 08:49:37.5 GMT", "Sun, 06 Nov 1994 084937 GMT",
            "Sun, 06-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-11-94 08:49:37 GMT", "Sunday, 06-Nov 08:49:37 GMT",
            "Sun Nov 6 08:49:37 1994", "Sun Nov  06 08:49:37 1994", "Sunday Nov  6 08:49:37 1994", "Sun Nov  6 08:49:37 94", "Sun Nov  6 08:49:37 1994 GMT",
            "1994-11-06T08:49:37Z",
        ])
        func refusesAnythingElse(value: String) {
            #expect(RetryAfter.parse(value, now: example) == nil)
        }

        @Test func standsAnyClock() {
            for milliseconds in [Int64.min, -1, 0, .max] {
                let now = Instant(milliseconds: milliseconds)
                let parsed = RetryAfter.parse("Sun, 06 Nov 1994 08:49:37 GMT", now: now)
                #expect(parsed == (milliseconds > 0 ? 0 : day))
                #expect(RetryAfter.parse("60", now: now) == 60_000)
                _ = RetryAfter.parse("Sunday, 06-Nov-94 08:49:37 GMT", now: now)  // only must not trap: the century of such a clock means nothing
            }
        }
    }
}

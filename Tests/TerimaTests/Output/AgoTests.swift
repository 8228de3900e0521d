import PaymentCore
import Testing

@testable import Terima

@Suite struct AgoTests {
    private let now = Instant(milliseconds: 1_780_485_780_123)

    @Test(arguments: [
        (0, "now"), (999, "now"), (-999, "now"), (1_000, "1 s ago"), (119_999, "119 s ago"), (120_000, "2 min ago"), (7_199_999, "119 min ago"),
        (7_200_000, "2 h ago"), (172_799_999, "47 h ago"), (172_800_000, "2 days ago"), (31_536_000_000, "365 days ago"), (-1_000, "in 1 s"),
        (-7_200_000, "in 2 h"),
    ])
    func timesAreToldInTheirLargestUnit(milliseconds: Int64, text: String) {
        #expect(Ago.text(now.advanced(byMilliseconds: -milliseconds), now: now) == text)
    }

    @Test func theEndsOfTimeAreNoTrap() {
        #expect(Ago.text(Instant(milliseconds: .min), now: now).hasSuffix(" days ago"))
        #expect(Ago.text(Instant(milliseconds: .max), now: Instant(milliseconds: .min)).hasPrefix("in "))
        #expect(Ago.text(Instant(milliseconds: .min), now: Instant(milliseconds: .max)).hasSuffix(" days ago"))
    }

    @Test func aTimeIsShownWithItsDistance() {
        #expect(Ago.full(Instant(milliseconds: 1_780_485_600_999), now: now) == "2026-06-03T11:20:00Z (2 min ago)")
        #expect(Ago.full(nil, now: now) == "-")
        #expect(Ago.seconds(now) == "2026-06-03T11:23:00Z")
    }

    @Test func thingsAreCountedInWords() {
        #expect(Count.text(0, "event") == "0 events")
        #expect(Count.text(1, "event") == "1 event")
        #expect(Count.text(2, "anomaly", "anomalies") == "2 anomalies")
        #expect(Count.text(1, "anomaly", "anomalies") == "1 anomaly")
    }
}

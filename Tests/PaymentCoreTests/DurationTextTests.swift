import PaymentCore
import Testing

struct DurationTextTests {
    @Test(
        arguments: [
            ("0ms", 0), ("1ms", 1), ("250ms", 250), ("1s", 1000), ("15s", 15_000), ("5m", 300_000), ("72h", 259_200_000), ("30d", 2_592_000_000),
            ("007s", 7000), ("9223372036854775807ms", Int64.max), ("106751991167d", 106_751_991_167 * 86_400_000),
        ] as [(String, Int64)])
    func reads(text: String, milliseconds: Int64) {
        #expect(DurationText.parse(text) == milliseconds)
    }

    @Test(arguments: [
        "", "s", "15", "15 s", " 15s", "15s ", "15S", "15sec", "1h30m", "1.5h", "1,5h", "-1s", "+1s", "0x1s", "1e3s", "١s", "15s\n", "15µs", "15w",
        "9223372036854775808ms", "9223372036854776s", "106751991168d", "99999999999999999999d",
    ])
    func refuses(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(
        arguments: [
            (0, "0s"), (1, "1ms"), (1500, "1500ms"), (2000, "2s"), (60_000, "1m"), (90_000, "90s"), (3_600_000, "1h"), (5_400_000, "90m"),
            (86_400_000, "24h"), (259_200_000, "72h"), (345_600_000, "4d"), (2_592_000_000, "30d"), (-1000, "-1s"),
            (Int64.max, "9223372036854775807ms"), (Int64.min, "-9223372036854775808ms"),
        ] as [(Int64, String)])
    func writes(milliseconds: Int64, text: String) {
        #expect(DurationText.format(milliseconds) == text)
    }

    @Test func whatIsWrittenIsReadBackTheSame() {
        for exponent in 0..<63 {
            for offset: Int64 in [-1, 0, 1] {
                let milliseconds = (Int64(1) << Int64(exponent)) &+ offset
                guard milliseconds >= 0 else { continue }
                #expect(DurationText.parse(DurationText.format(milliseconds)) == milliseconds)
            }
        }
    }
}

import Fuzzing
import PaymentCore

@main struct FuzzText {
    static func main() { Fuzzer.run { check($0) } }

    /// Input: a time as it stands in events, or bytes that are written down as text.
    private static func check(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        time(text)
        encodings(input)
        // Two numbers that are not texts of the fuzzer's own making.
        let number = input.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        for milliseconds in [Int64(bitPattern: number), Int64(number >> 17)] { written(milliseconds) }
    }

    private static let formLimits: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    private static func time(_ text: String) {
        let instant = Instant(iso8601: text)
        expect(instant?.milliseconds == TimeOracle.milliseconds(text), "reader and oracle agree on a time")
        if let instant { written(instant.milliseconds) }
    }

    private static func written(_ milliseconds: Int64) {
        let limited = min(max(milliseconds, formLimits.lowerBound), formLimits.upperBound)
        expect(Instant(iso8601: Instant(milliseconds: milliseconds).iso8601)?.milliseconds == limited, "a time that was written comes back")
        let duration = DurationText.format(milliseconds)
        if milliseconds >= 0 { expect(DurationText.parse(duration) == milliseconds, "a duration that was written comes back") }
    }

    private static func encodings(_ input: [UInt8]) {
        expect(Hex.decode(Hex.encode(input)) == input, "bytes in base 16 come back")
        expect(Base64.decode(Base64.encode(input)) == input, "bytes in base 64 come back")
        if let bytes = Hex.decode(input) {
            let lower = input.map { (65...70).contains($0) ? $0 + 32 : $0 }
            expect(Array(Hex.encode(bytes).utf8) == lower, "base 16 is one text for some bytes, in either case")
        }
        if let bytes = Base64.decode(input) { expect(Array(Base64.encode(bytes).utf8) == input, "base 64 is one text for some bytes") }
        for (one, other) in [(input, input), (input, input + [0]), (input, input.reversed())] {
            expect(ConstantTime.areEqual(one, other) == (one == other), "equal is equal")
        }
    }
}

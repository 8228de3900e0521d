import PaymentCore
import TestSupport
import Testing

/// Damaged texts, seeded: the reader never traps, agrees with a second checker written another way, and what it accepts is the same after being
/// written and read again.
@Suite struct JSONMutationTests {
    private static let seeds = [
        #"{"specversion":"1.0.2","id":"DBmK364tFeNG","time":"2026-06-03T11:23:47.123Z","data":{"amount":{"value":1000000,"currency":"IDR"},"ok":true}}"#,
        #"[0,-0,1.5,-12.25e+10,1E-7,[],{},[[[]]],null,true,false," \t ","\u00e9\ud83d\ude00\\\"\/"]"#,
        "{\"é\":\"日本語😀\",\"e\u{301}\":{\"a\":1,\"b\":2,\"\\u0063\":3},\"\":[{\"a\":[{\"a\":0}]}]}",
        "{" + (0..<20).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}",
    ].map { Array($0.utf8) }

    private static let pieces: [[UInt8]] =
        ["\"", "\\", "\\u", "\\ud800", "\\udc00", "{", "}", "[", "]", ",", ":", "0", "-", "e", ".", "null", "true", " ", "\"a\":1,", "é"].map { Array($0.utf8) }
        + [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x00], [0x1F], [0x7F], [0xEF, 0xBB, 0xBF]]

    @Test(arguments: 0..<8) func readerAndOracleAgree(part: Int) throws {
        var accepted = 0
        for seed in UInt64(part * 2500)..<UInt64(part * 2500 + 2500) {
            var random = SplitMix64(seed: seed)
            let text = Self.damaged(random.pick(Self.seeds), &random)
            let document = try? JSONDocument.parse(text)
            try #require((document != nil) == JSONOracle.accepts(text), "seed \(seed): \(Hex.encode(text))")
            guard let document else { continue }
            accepted += 1
            let once = JSONEcho.bytes(document.root)
            try #require(JSONEcho.bytes(try JSONDocument.parse(once).root) == once, "seed \(seed): \(Hex.encode(text))")
        }
        // Damage that always or never breaks the text would test nothing.
        #expect(accepted > 100 && accepted < 2000)
    }

    private static func damaged(_ original: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var text = original
        for _ in 0...random.next() % 3 where !text.isEmpty {
            let place = Int(random.next() % UInt64(text.count))
            let length = min(Int(random.next() % 6), text.count - place)
            switch random.next() % 7 {
            case 0: text.removeSubrange(place..<place + length)
            case 1: text[place] = UInt8(truncatingIfNeeded: random.next())
            case 2: text.insert(contentsOf: random.pick(pieces), at: place)
            case 3: text.replaceSubrange(place..<place + length, with: random.pick(pieces))
            case 4: text.insert(contentsOf: Array(text[place..<place + length]), at: place)
            case 5: text[place] ^= 1 << UInt8(random.next() % 8)
            default: text.swapAt(place, Int(random.next() % UInt64(text.count)))
            }
        }
        return text
    }
}

import PaymentCore
import TestSupport
import Testing

/// Bodies of all types, damaged in seeded ways: whatever the bytes, an event comes out of them.
@Suite struct DecoderNeverTrapsTests {
    @Test func damagedBodiesBecomeEvents() throws {
        let bodies = EventType.allCases.map { Array(PublishedEvents.body($0).utf8) }
        var unreadable = 0
        for seed: UInt64 in 1...6000 {
            var random = SplitMix64(seed: seed)
            let body = Self.damaged(random.pick(bodies), &random)
            let event = EventDecoder.decode(body: body, receivedAt: Instant(milliseconds: 0))
            try #require(event.body == body && event.bodyHash.count == 32, "seed \(seed)")
            try #require(!event.identity.source.isEmpty && !event.identity.id.isEmpty, "seed \(seed)")
            if case .unreadable = event.content { unreadable += 1 }
        }
        #expect(unreadable > 1000 && unreadable < 6000)
    }

    private static func damaged(_ original: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var body = original
        for _ in 0...(random.next() % 3) where !body.isEmpty {
            let place = Int(random.next() % UInt64(body.count))
            switch random.next() % 6 {
            case 0: body.removeSubrange(place...)
            case 1: body[place] = UInt8(truncatingIfNeeded: random.next())
            case 2: body.remove(at: place)
            case 3: body.insert(contentsOf: Array(random.pick(["null", "{}", "-", "\\u0000", "\\ud800", "\"", "1e999", "\u{0}"]).utf8), at: place)
            case 4: body.removeSubrange(place..<min(place + 40, body.count))
            default: body[place] ^= 0x20
            }
        }
        return body
    }
}

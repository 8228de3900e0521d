import PaymentCore
import Testing

extension DeliveryTests {
    struct NotificationIDTests {
        /// 01ARYZ6S41 is how the ULID specification writes 1469918176385.
        @Test(
            arguments: [
                (1_469_918_176_385, 0, 0, "ntf_01ARYZ6S410000000000000000"),
                (1_469_918_176_385, .max, .max, "ntf_01ARYZ6S41ZZZZZZZZZZZZZZZZ"),
                (0, 0, 1, "ntf_00000000000000000000000001"),
                (0, 1, 0, "ntf_0000000000000G000000000000"),
                (0, 0xFFFF_0000, 0, "ntf_00000000000000000000000000"),
                (281_474_976_710_655, .max, .max, "ntf_7ZZZZZZZZZZZZZZZZZZZZZZZZZ"),
                (281_474_976_710_656, 0, 0, "ntf_7ZZZZZZZZZ0000000000000000"),
                (.max, 0, 0, "ntf_7ZZZZZZZZZ0000000000000000"),
                (-1, 0, 0, "ntf_00000000000000000000000000"),
                (.min, 0, 0, "ntf_00000000000000000000000000"),
            ] as [(Int64, UInt64, UInt64, String)])
        func exactText(milliseconds: Int64, high: UInt64, low: UInt64, expected: String) {
            #expect(NotificationID.make(at: Instant(milliseconds: milliseconds), random: (high, low)) == expected)
        }

        @Test func sortsByTimeAsBytes() {
            let times: [Int64] = [0, 1, 31, 32, 1023, 1024, 1_780_000_000_000, 1_780_000_000_001, 281_474_976_710_655]
            let ids = times.enumerated().map { index, time in
                // Random bits that fall while time rises must not matter.
                NotificationID.make(at: Instant(milliseconds: time), random: (UInt64.max - UInt64(index), UInt64.max >> UInt64(index)))
            }
            for (earlier, later) in zip(ids, ids.dropFirst()) {
                #expect(earlier.utf8.lexicographicallyPrecedes(later.utf8))
            }
        }
    }
}

/// Names notifications: `ntf_` and 26 characters of Crockford's base 32 (the ULID layout: 48 bits of milliseconds, 80 random bits).
/// Ids sort by time as text, which keeps the index on them append-mostly.
package enum NotificationID {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// - Parameters:
    ///   - instant: Before 1970 counts as 1970, and what exceeds 48 bits (the year 10889) as the greatest time there is.
    ///   - random: The low 16 bits of the first and all of the second number are used.
    package static func make(at instant: Instant, random: (UInt64, UInt64)) -> String {
        let time = UInt64(min(max(instant.milliseconds, 0), (1 << 48) - 1))
        var bits = UInt128(time) << 80 | UInt128(random.0 & 0xFFFF) << 64 | UInt128(random.1)
        var characters = [UInt8](repeating: 0, count: 26)
        for position in characters.indices.reversed() {
            characters[position] = alphabet[Int(bits & 31)]
            bits >>= 5
        }
        return "ntf_" + String(decoding: characters, as: UTF8.self)
    }
}

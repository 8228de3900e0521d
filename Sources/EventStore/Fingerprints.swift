/// The fingerprints of events that are numbered one after the other, as a row of `identity` holds them: 8 bytes each, big-endian.
enum Fingerprints {
    private static let width = 8

    static func encode(_ fingerprints: [UInt64]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fingerprints.count * width)
        for fingerprint in fingerprints {
            for shift in stride(from: UInt64(56), through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: fingerprint >> shift)) }
        }
        return bytes
    }

    /// What does not fill 8 bytes at the end is left out; the schema lets no such row in.
    static func decode(_ bytes: [UInt8]) -> [UInt64] {
        (0..<bytes.count / width).map { place in
            bytes[place * width..<(place + 1) * width].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}

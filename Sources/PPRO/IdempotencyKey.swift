internal import PaymentCore

/// Marks one intention to change something at PPRO: however often it is sent, it happens once. PPRO keeps keys for 24 hours.
package struct IdempotencyKey: Sendable, Hashable, CustomStringConvertible {
    /// A UUID of version 4 (RFC 9562 section 5.4), lower case.
    package let text: String

    /// A new key.
    /// - Parameter random: 64 random bits a call; it is called twice.
    package init(random: () -> UInt64) {
        let (high, low) = (random(), random())
        var bytes = (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) } + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
        bytes[6] = 0x40 | (bytes[6] & 0x0F)
        bytes[8] = 0x80 | (bytes[8] & 0x3F)
        let groups = [bytes[0..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10..<16]]
        text = groups.map { Hex.encode($0) }.joined(separator: "-")
    }

    /// A key of an earlier run; nil when the text is no UUID of version 4. Upper-case digits become lower-case ones.
    package init?(_ text: String) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12], groups.allSatisfy({ Hex.decode($0.utf8) != nil }),
            groups[2].utf8.first == UInt8(ascii: "4"), groups[3].utf8.first.map({ "89abAB".utf8.contains($0) }) == true
        else { return nil }
        self.text = text.lowercased()
    }

    package var description: String { text }
}

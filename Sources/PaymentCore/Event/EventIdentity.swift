/// CloudEvents' identity of an event: `source` and `id` together, compared as bytes and never by Swift's canonical equivalence.
package struct EventIdentity: Sendable, Equatable {
    package var source: String
    package var id: String

    package init(source: String, id: String) {
        self.source = source
        self.id = id
    }

    /// How the sources begin that only terima itself may name.
    static let ownSources = "terima:"

    static func isOurs(source: String) -> Bool { source.beginsWithBytes(of: ownSources) }

    /// Whether terima itself names this source, so that no webhook may.
    package var isOurs: Bool { Self.isOurs(source: source) }

    /// The identity of a body that names none: its SHA-256, so that a repeat of it is still a repeat.
    package static func ofBody(hash: [UInt8]) -> EventIdentity { EventIdentity(source: "terima:body", id: Hex.encode(hash)) }

    /// The first 8 bytes, read big-endian, of SHA-256(length of source as 8 bytes little-endian, source, id). The length keeps ("ab", "c") and ("a", "bc")
    /// apart. Stored, so it must never change; equal fingerprints still need `hasSameBytes`.
    package var fingerprint: UInt64 {
        var message: [UInt8] = []
        message.reserveCapacity(8 + source.utf8.count + id.utf8.count)
        let length = UInt64(source.utf8.count)
        for shift in stride(from: UInt64(0), to: 64, by: 8) { message.append(UInt8(truncatingIfNeeded: length >> shift)) }
        message.append(contentsOf: source.utf8)
        message.append(contentsOf: id.utf8)
        return Digest.sha256(message).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    package func hasSameBytes(as other: EventIdentity) -> Bool { id.hasSameBytes(as: other.id) && source.hasSameBytes(as: other.source) }

    package static func == (a: EventIdentity, b: EventIdentity) -> Bool { a.hasSameBytes(as: b) }
}

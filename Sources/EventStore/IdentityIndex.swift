/// Fingerprints of every stored identity, in memory: a table of open addressing in 256 shards, so that growing moves a small part at a time.
/// A slot is 8 bytes and holds half a fingerprint, a shard is at most 7/8 full and doubled when it is: 9 to 18 bytes an event. A hit is a candidate only, to be
/// confirmed on the bytes; with ten million events one look-up in a hundred thousand is confirmed in vain.
/// A class, because a copy made by accident would cost the whole table. Not Sendable: it belongs to the writer.
final class IdentityIndex {
    /// A slot holds its event's number in 32 bits.
    static let largestSeq = Int64(UInt32.max)

    private struct Shard {
        /// The low half of a fingerprint above its event's number. 0: the slot is free; events count from 1.
        var slots: [UInt64] = []
        var count = 0

        mutating func insert(_ slot: UInt64) {
            if (count + 1) * 8 > slots.count * 7 { grow() }
            place(slot)
            count += 1
        }

        private mutating func place(_ slot: UInt64) {
            let mask = slots.count - 1
            var at = Int(truncatingIfNeeded: slot >> 32) & mask
            while slots[at] != 0 { at = (at + 1) & mask }
            slots[at] = slot
        }

        private mutating func grow() {
            let old = slots
            slots = [UInt64](repeating: 0, count: max(16, old.count * 2))
            for slot in old where slot != 0 { place(slot) }
        }

        /// Makes room for so many at once: what growing leaves behind in the allocator is never given back.
        mutating func reserve(_ expected: Int) {
            guard slots.isEmpty, expected > 0 else { return }
            var size = 16
            while expected * 8 > size * 7 { size *= 2 }
            slots = [UInt64](repeating: 0, count: size)
        }

        func candidates(_ fingerprint: UInt64) -> [Int64] {
            guard !slots.isEmpty else { return [] }
            var found: [Int64] = []
            let mask = slots.count - 1
            let wanted = UInt32(truncatingIfNeeded: fingerprint)
            var at = Int(wanted) & mask
            while slots[at] != 0 {
                if UInt32(truncatingIfNeeded: slots[at] >> 32) == wanted { found.append(Int64(UInt32(truncatingIfNeeded: slots[at]))) }
                at = (at + 1) & mask
            }
            return found
        }
    }

    private var shards = [Shard](repeating: Shard(), count: 256)

    /// Before the first event is inserted: how many there will be. They do not fall into the shards evenly, so there is a sixteenth more; a shard that
    /// has more still grows by itself.
    func reserve(_ events: Int) {
        let expected = events / shards.count
        for shard in shards.indices { shards[shard].reserve(expected + expected / 16) }
    }

    /// `seq` is 1...`largestSeq`; others are left out, and the caller refuses them before they are stored.
    func insert(_ fingerprint: UInt64, seq: Int64) {
        guard let short = UInt32(exactly: seq), short > 0 else { return }
        shards[Int(fingerprint >> 56)].insert(fingerprint << 32 | UInt64(short))
    }

    /// Events that may have this identity: almost always none or one.
    func candidates(_ fingerprint: UInt64) -> [Int64] { shards[Int(fingerprint >> 56)].candidates(fingerprint) }

    var count: Int { shards.reduce(0) { $0 + $1.count } }

    /// What the slots occupy.
    var bytes: Int { shards.reduce(0) { $0 + $1.slots.count * MemoryLayout<UInt64>.stride } }
}

/// Fingerprints of every stored identity, in memory: a table of open addressing in 256 shards, so that growing moves a small part at a time.
/// 12 bytes a slot, a shard at most 7/8 full and doubled when it is: 14 to 28 bytes an event. A hit is a candidate only, to be confirmed on the bytes.
/// A class, because a copy made by accident would cost the whole table. Not Sendable: it belongs to the writer.
final class IdentityIndex {
    /// A slot holds its event's number in 32 bits.
    static let largestSeq = Int64(UInt32.max)

    private struct Shard {
        var fingerprints: [UInt64] = []
        /// 0: the slot is free; events count from 1.
        var seqs: [UInt32] = []
        var count = 0

        mutating func insert(_ fingerprint: UInt64, _ seq: UInt32) {
            if (count + 1) * 8 > seqs.count * 7 { grow() }
            place(fingerprint, seq)
            count += 1
        }

        private mutating func place(_ fingerprint: UInt64, _ seq: UInt32) {
            let mask = seqs.count - 1
            var slot = Int(truncatingIfNeeded: fingerprint) & mask
            while seqs[slot] != 0 { slot = (slot + 1) & mask }
            fingerprints[slot] = fingerprint
            seqs[slot] = seq
        }

        private mutating func grow() {
            let (oldFingerprints, oldSeqs) = (fingerprints, seqs)
            let capacity = max(16, oldSeqs.count * 2)
            fingerprints = [UInt64](repeating: 0, count: capacity)
            seqs = [UInt32](repeating: 0, count: capacity)
            for slot in oldSeqs.indices where oldSeqs[slot] != 0 { place(oldFingerprints[slot], oldSeqs[slot]) }
        }

        func candidates(_ fingerprint: UInt64) -> [Int64] {
            guard !seqs.isEmpty else { return [] }
            var found: [Int64] = []
            let mask = seqs.count - 1
            var slot = Int(truncatingIfNeeded: fingerprint) & mask
            while seqs[slot] != 0 {
                if fingerprints[slot] == fingerprint { found.append(Int64(seqs[slot])) }
                slot = (slot + 1) & mask
            }
            return found
        }
    }

    private var shards = [Shard](repeating: Shard(), count: 256)

    /// `seq` is 1...`largestSeq`; others are left out, and the caller refuses them before they are stored.
    func insert(_ fingerprint: UInt64, seq: Int64) {
        guard let short = UInt32(exactly: seq), short > 0 else { return }
        shards[Int(fingerprint >> 56)].insert(fingerprint, short)
    }

    /// Events that may have this identity: almost always none or one.
    func candidates(_ fingerprint: UInt64) -> [Int64] { shards[Int(fingerprint >> 56)].candidates(fingerprint) }

    var count: Int { shards.reduce(0) { $0 + $1.count } }

    /// What the slots occupy.
    var bytes: Int { shards.reduce(0) { $0 + $1.seqs.count * (MemoryLayout<UInt64>.stride + MemoryLayout<UInt32>.stride) } }
}

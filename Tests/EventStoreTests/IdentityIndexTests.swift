import Testing

@testable import EventStore

@Suite struct IdentityIndexTests {
    /// A fixed sequence (SplitMix64), so that a failure can be repeated.
    private struct Numbers {
        var state: UInt64 = 1

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    @Test func findsEverythingAndNothingElse() {
        let index = IdentityIndex()
        var numbers = Numbers()
        let fingerprints = (0..<50_000).map { _ in numbers.next() }
        for (position, fingerprint) in fingerprints.enumerated() { index.insert(fingerprint, seq: Int64(position + 1)) }
        #expect(index.count == fingerprints.count)
        for (position, fingerprint) in fingerprints.enumerated() where index.candidates(fingerprint) != [Int64(position + 1)] {
            Issue.record("\(fingerprint) was lost")
        }
        for _ in 0..<50_000 {
            let other = numbers.next()
            if !index.candidates(other).isEmpty { Issue.record("\(other) was invented") }
        }
    }

    /// As at a start, which knows how many there are.
    @Test func whatWasMadeRoomForMovesNoMore() {
        let (index, events) = (IdentityIndex(), 40_000)
        index.reserve(events)
        let reserved = index.bytes
        var numbers = Numbers()
        let fingerprints = (0..<events).map { _ in numbers.next() }
        for (position, fingerprint) in fingerprints.enumerated() { index.insert(fingerprint, seq: Int64(position + 1)) }
        #expect(index.bytes == reserved)
        for (position, fingerprint) in fingerprints.enumerated() { #expect(index.candidates(fingerprint) == [Int64(position + 1)]) }
    }

    @Test func equalFingerprintsAreAllCandidates() {
        let index = IdentityIndex()
        for seq in 1...100 { index.insert(7, seq: Int64(seq)) }
        #expect(index.candidates(7).sorted() == (1...100).map { Int64($0) })
        #expect(index.candidates(7 + 16).isEmpty)
    }

    @Test func neverCostsMoreThan20BytesAnEvent() {
        let index = IdentityIndex()
        var numbers = Numbers()
        for seq in 1...300_000 {
            index.insert(numbers.next(), seq: Int64(seq))
            if seq > 20_000, seq % 500 == 0, index.bytes > 20 * seq { Issue.record("\(index.bytes) bytes for \(seq) events") }
        }
    }

    @Test func numbersBeyondTheSlotAreLeftOut() {
        let index = IdentityIndex()
        index.insert(1, seq: 0)
        index.insert(1, seq: -1)
        index.insert(1, seq: IdentityIndex.largestSeq + 1)
        index.insert(1, seq: IdentityIndex.largestSeq)
        #expect(index.candidates(1) == [IdentityIndex.largestSeq])
    }
}

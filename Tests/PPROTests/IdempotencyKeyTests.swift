import Testing

@testable import PPRO

@Suite struct IdempotencyKeyTests {
    @Test(arguments: [
        (UInt64.min, "00000000-0000-4000-8000-000000000000"), (.max, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
        (0x0123_4567_89AB_CDEF, "01234567-89ab-4def-8123-456789abcdef"),
    ]) func isAUUIDOfVersion4(_ bits: UInt64, _ text: String) {
        #expect(IdempotencyKey(random: { bits }).text == text)
        #expect(IdempotencyKey(text) == IdempotencyKey(random: { bits }))
        #expect(IdempotencyKey(text.uppercased())?.text == text)
    }

    @Test func bothHalvesCount() {
        var bits: [UInt64] = [1, 2]
        let key = IdempotencyKey(random: { bits.removeFirst() })
        #expect(key.text == "00000000-0000-4001-8000-000000000002")
    }

    @Test func keysOfTheSystemsDiceAreValidAndDiffer() {
        let keys = (0..<200).map { _ in IdempotencyKey(random: { .random(in: .min ... .max) }) }
        #expect(Set(keys).count == keys.count)
        #expect(keys.allSatisfy { IdempotencyKey($0.text) == $0 })
    }

    @Test(arguments: [
        "", "00000000-0000-1000-8000-000000000000", "00000000-0000-4000-c000-000000000000", "00000000-0000-4000-8000-00000000000",
        "00000000000040008000000000000000", "0000000g-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000000\n",
        "{0000000-0000-4000-8000-000000000000}", "00000000-0000-4000-8000-000000000000-", "0000000é-0000-4000-8000-000000000000",
    ]) func whatIsNoSuchUUIDIsNoKey(_ text: String) {
        #expect(IdempotencyKey(text) == nil)
    }

    @Test func sentKeysStandForOneRequest() {
        var keys = SentKeys()
        let key = Rig.idempotencyKey(1)
        let admitted = [("/a", 1), ("/a", 1), ("/a", 2), ("/b", 1)].map { keys.admit(key, target: $0, body: [$1]) }
        #expect(admitted == [true, true, false, false])
        keys.forget(key)
        keys.forget(key)
        let admittedAgain = keys.admit(key, target: "/b", body: [1])
        #expect(admittedAgain)
    }

    @Test func sentKeysAreForgottenInOrder() {
        var keys = SentKeys()
        let all = (0...UInt64(SentKeys.maximum)).map { Rig.idempotencyKey($0 << 8) }
        #expect(Set(all).count == SentKeys.maximum + 1)
        let admitted = all.map { keys.admit($0, target: "/a", body: []) }
        #expect(admitted.allSatisfy { $0 })
        let (oldest, newest) = (keys.admit(all[0], target: "/b", body: []), keys.admit(all[SentKeys.maximum], target: "/b", body: []))
        #expect(oldest)
        #expect(!newest)
    }
}

import PaymentCore
import Testing

@testable import EventStore

@Suite struct FingerprintsTests {
    @Test func eightBytesEachTheHighestFirst() {
        let bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0xFA, 0xF9, 0xF8]
        #expect(Fingerprints.encode([1, 0xFFFE_FDFC_FBFA_F9F8]) == bytes)
        #expect(Fingerprints.decode(bytes) == [1, 0xFFFE_FDFC_FBFA_F9F8])
        #expect(Fingerprints.decode([]) == [])
    }

    @Test func aRowIsTakenWhenItIsFull() {
        var tail = FingerprintTail(recordedThrough: 7)
        for fingerprint in 1..<UInt64(FingerprintTail.rowCount) { tail.append(fingerprint) }
        let tooFew = tail.takeRow()
        #expect(tooFew == nil)
        #expect(tail.lastSeq == 7 + 1023)
        let replaced = [8, 7, tail.lastSeq + 1].map { tail.replace($0, with: 99) }
        #expect(replaced == [true, false, false])
        tail.append(5000)
        tail.append(5001)
        let row = tail.takeRow()
        #expect(row?.first == 8)
        #expect(row?.fingerprints.first == 99)
        #expect(row?.fingerprints.last == 5000)
        #expect(tail.fingerprints == [5001])
        #expect(tail.lastSeq == 8 + 1024)
    }

    /// Found within their group, after it and after the next start, whether the table holds them yet or not.
    @Test func everyIdentityIsKnownAfterTheNextStart() async throws {
        let fixture = try Fixture()
        let events = (0..<2_500).map { Sample.event("\($0)") }
        _ = await fixture.store.appendTogether(events + [events[2_400]])
        fixture.store.close()
        #expect(try Fixture.integer("SELECT sum(length(fingerprints)) / 8 FROM identity", at: fixture.directory.database) == 2_048)
        let again = try Fixture(in: fixture.directory)
        #expect(await again.store.appendTogether(events) == (1...2_500).map { .duplicate(seq: $0) })
        #expect(await again.store.append(Sample.event("new")) == .accepted(seq: 2_501))
        for id in ["0", "2047", "2048", "2499", "new"] { #expect(try again.reader().event(id: id)?.row.id == id) }
    }

    @Test(arguments: [0, 1_100]) func anIdentityThatWasReplacedIsKnownAfterTheNextStart(later: Int) async throws {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether([Sample.event("a"), Sample.unreadable("u"), Sample.event("b")])
        // With enough after it, the table holds it already.
        if later > 0 { _ = await fixture.store.appendTogether((0..<later).map { Sample.event("later-\($0)") }) }
        let real = Sample.event("real")
        try fixture.store.write("test") { transaction throws in
            guard case .readable(let facts) = real.content else { return }
            #expect(try transaction.restate(2, identity: real.identity, facts: facts) == nil)
        }
        fixture.store.close()
        let again = try Fixture(in: fixture.directory)
        #expect(await again.store.append(real) == .conflict(seq: 2))
        #expect(await again.store.append(Sample.event("b")) == .duplicate(seq: 3))
        #expect(try again.reader().event(id: "real")?.row.seq == 2)
    }
}

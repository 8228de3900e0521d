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

    /// One row for each group; what a group appended is found within it, after it and after the next start.
    @Test func everyGroupLeavesOneRow() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether([Sample.event("a"), Sample.event("b"), Sample.event("a")])
        _ = await fixture.store.append(Sample.event("c"))
        fixture.store.close()
        let again = try Fixture(in: fixture.directory)
        #expect(
            await again.store.appendTogether(["a", "b", "c", "d"].map { Sample.event($0) }) == [
                .duplicate(seq: 1), .duplicate(seq: 2), .duplicate(seq: 3), .accepted(seq: 4),
            ])
        let groups = try Fixture.integer("SELECT count(*) FROM identity", at: fixture.directory.database)
        let fingerprints = try Fixture.integer("SELECT sum(length(fingerprints)) / 8 FROM identity", at: fixture.directory.database)
        #expect(groups ?? 0 >= 2)
        #expect(fingerprints == 4)
    }

    @Test func anIdentityReplacedInTheMiddleOfAGroupIsKnownAfterTheNextStart() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.appendTogether([Sample.event("a"), Sample.unreadable("u"), Sample.event("b")])
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

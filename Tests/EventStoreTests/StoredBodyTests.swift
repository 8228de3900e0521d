import PaymentCore
import Testing

@testable import EventStore

/// How bodies of notifications lie in the database.
@Suite struct StoredBodyTests {
    private static let told = Notification.chargeChanged(
        id: "ntf_01M8FY75CTB88KPG0Y0ME9Y97Y", charge: Sample.charge("charge_jVF9SPgWE5XsqFUA37G5x"), version: 4, previous: ChargeStatus("CAPTURE_PENDING"),
        cause: .init(source: "https://www.ppro.com", id: "a5ZlDdCrACGIfWQ84oxyP", type: "PAYMENT_CHARGE_CAPTURE_SUCCEEDED", time: Sample.start)
    ).body

    @Test func aChangeTakesAFifthOfItsBytes() {
        let frame = StoredBody.compressed(Self.told)
        #expect(StoredBody.expanded(frame) == Self.told)
        #expect(frame.count * 4 < Self.told.count)
    }

    @Test(arguments: [0, 1, 100, 70_000]) func everyBodyComesBack(bytes: Int) {
        let body = (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 5) }
        #expect(StoredBody.expanded(StoredBody.compressed(body)) == body)
    }

    /// What is passed on, and what was stored before there was a dictionary.
    @Test func aPlainBodyIsTakenAsItIs() {
        for body in [Self.told, [], [0x28], Array("{}".utf8)] { #expect(StoredBody.expanded(body) == body) }
    }

    /// The checksum sees what still expands; a few bits stand for nothing. The first four bytes are left alone: without them it is no frame.
    @Test func noDamageIsToldToAShop() {
        let frame = StoredBody.compressed(Self.told)
        for place in frame.indices.dropFirst(4) {
            var damaged = frame
            damaged[place] ^= 0x10
            let isOther = StoredBody.expanded(damaged).map { $0 != Self.told } ?? false
            #expect(!isOther, "byte \(place)")
        }
        for length in 4..<frame.count {
            let isNothing = StoredBody.expanded(Array(frame.prefix(length))) == nil
            #expect(isNothing, "the first \(length) bytes")
        }
    }

    /// A frame says how large its content is: 2^62 bytes here.
    @Test func aFrameThatClaimsTooMuchIsDamage() {
        #expect(StoredBody.expanded([0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0x40, 1, 0, 0]) == nil)
    }

    @Test func onlyChangesAreCompressed() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.event("1"))
        try fixture.store.write("test") { transaction throws in
            var change = Sample.notification("1", version: 1)
            change.body = Self.told
            let seq = try transaction.insertCharge(Sample.charge("charge_1"))
            try transaction.enqueue(change, about: .charge(seq), cause: 1, endpoints: ["shop"], now: Sample.start)
            try transaction.enqueue(Sample.notification("2", version: nil), about: .event, cause: 1, endpoints: ["shop"], now: Sample.start)
        }
        #expect(try fixture.texts("SELECT CAST(body AS TEXT) FROM notification WHERE seq = 2") == [#"{"id":"ntf_2"}"#])
        #expect(try fixture.texts("SELECT CAST(length(body) < 250 AS TEXT) FROM notification WHERE seq = 1") == ["1"])
        #expect(try fixture.reader().notifications(after: 0, limit: 1).rows.map(\.body) == [Self.told])
        #expect(try fixture.reader().delivery(id: "ntf_1").map(\.body) == [Self.told])
        #expect(try fixture.reader().damage() == [])
        try fixture.execute("UPDATE notification SET body = substr(body, 1, 40) WHERE seq = 1")
        let damaged = try #require(try fixture.reader().delivery(id: "ntf_1").first)
        #expect(damaged.body == nil && !damaged.isPurged)
        #expect(try fixture.reader().damage() == ["the body of notification ntf_1 is not the one that was written"])
    }
}

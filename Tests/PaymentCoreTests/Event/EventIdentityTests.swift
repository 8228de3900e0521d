import PaymentCore
import Testing

@Suite struct EventIdentityTests {
    @Test func fingerprintIsTheOneThatIsStored() {
        // SHA-256 by another program; it is kept in databases, so a change here orphans them.
        let identity = EventIdentity(source: "https://www.ppro.com", id: "DBmK364tFeNGuHIJM9Fb4")
        #expect(identity.fingerprint == 0xE360B3938F0A2AE9)
    }

    @Test(arguments: [
        (EventIdentity(source: "ab", id: "c"), EventIdentity(source: "a", id: "bc")),
        (EventIdentity(source: "s", id: "caf\u{E9}"), EventIdentity(source: "s", id: "cafe\u{301}")),
        (EventIdentity(source: "\u{212A}", id: "1"), EventIdentity(source: "K", id: "1")),
        (EventIdentity(source: "s", id: "a\u{0}b"), EventIdentity(source: "s", id: "a")),
        (EventIdentity(source: "s", id: "a\u{0}b"), EventIdentity(source: "s", id: "a\u{0}c")),
        (EventIdentity(source: "s\u{0}", id: "a"), EventIdentity(source: "s", id: "\u{0}a")),
        (EventIdentity(source: "s", id: "a"), EventIdentity(source: "s", id: "A")),
        (EventIdentity(source: "s", id: "\r\n"), EventIdentity(source: "s", id: "\n")),
        (EventIdentity(source: "a", id: "b"), EventIdentity(source: "b", id: "a")),
    ])
    func otherBytesAreAnotherIdentity(_ pair: (EventIdentity, EventIdentity)) {
        #expect(!pair.0.hasSameBytes(as: pair.1))
        #expect(pair.0 != pair.1)
        #expect(pair.0.fingerprint != pair.1.fingerprint)
    }

    @Test func equalBytesAreOneIdentity() {
        let built = EventIdentity(source: ["s", "\u{0}"].joined(), id: String(decoding: [0x63, 0x61, 0x66, 0xC3, 0xA9], as: UTF8.self))
        let literal = EventIdentity(source: "s\u{0}", id: "caf\u{E9}")
        #expect(built == literal)
        #expect(built.fingerprint == literal.fingerprint)
    }

    @Test func aBodyWithoutIdentityIsNamedByItsHash() {
        let identity = EventIdentity.ofBody(hash: [0x00, 0x0F, 0xA0, 0xFF])
        #expect(identity.source == "terima:body")
        #expect(identity.id == "000fa0ff")
    }

    @Test func identitiesOfDecodedBodiesAreTakenByteForByte() {
        func identity(_ id: String) -> EventIdentity {
            EventDecoder.decode(body: Array(PublishedEvents.body(.chargeCreated, id: id).utf8), receivedAt: Instant(milliseconds: 0)).identity
        }
        #expect(identity("caf\u{E9}") != identity("cafe\u{301}"))
        #expect(identity(#"a\u0000b"#).id.utf8.elementsEqual("a\u{0}b".utf8))
        #expect(identity(#"caf\u00e9"#) == identity("caf\u{E9}"))
    }
}

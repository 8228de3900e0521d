import PaymentCore
import Testing

@Suite struct EndpointSecretTests {
    @Test(arguments: 0...80) func keysOf24To64BytesAreTaken(count: Int) {
        let text = "whsec_" + Base64.encode((0..<count).map { UInt8($0) })
        let secret = EndpointSecret(text)
        #expect((secret != nil) == (24...64).contains(count))
        if let secret { #expect(secret.exposed == text) }
    }

    @Test(arguments: [
        "", "whsec_", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "WHSEC_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "whsec_ AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=", "whsk_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7",
    ]) func otherTextsAreNoSecrets(text: String) {
        #expect(EndpointSecret(text) == nil)
    }

    @Test func generatedSecretsAreNewAndReadBack() throws {
        let texts = (0..<100).map { _ in EndpointSecret.generate().exposed }
        #expect(Set(texts).count == 100)
        for text in texts {
            #expect(try #require(EndpointSecret(text)).exposed == text)
            #expect(Base64.decode(text.dropFirst(6).utf8)?.count == 32)
        }
    }
}

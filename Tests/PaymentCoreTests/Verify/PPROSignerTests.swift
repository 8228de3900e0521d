import PaymentCore
import Testing

@Suite struct PPROSignerTests {
    @Test func itSignsAsOpenSSLDoes() {
        let secret = SigningSecret(SignedSamples.secret)
        #expect(PPROSigner.current(body: SignedSamples.body, secret: secret, at: SignedSamples.signedAt) == SignedSamples.header)
        #expect(PPROSigner.current(body: SignedSamples.body, secret: secret, at: SignedSamples.signedAt.advanced(byMilliseconds: 999)) == SignedSamples.header)
        #expect(PPROSigner.legacy(body: SignedSamples.body, secret: secret) == SignedSamples.legacy)
    }

    @Test func whatItSignsVerifies() {
        let secrets = ["one", "two", ""]
        for (index, text) in secrets.enumerated() {
            for size in [0, 1, 63, 64, 65, 2700] {
                let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
                let now = Instant(milliseconds: 1_800_000_000_500)
                let current = PPROSigner.current(body: body, secret: SigningSecret(text), at: now)
                let result = SignedSamples.verifier(secrets).verify(body: body, headers: SignatureHeaders(current: [current]), now: now)
                let signedAt = Instant(milliseconds: 1_800_000_000_000)
                #expect(result == .success(VerifiedSignature(scheme: .current, secretIndex: index, signedAt: signedAt)))
            }
        }
    }

    @Test func secretsDoNotShow() throws {
        let endpoint = try #require(EndpointSecret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="))
        for printed in [
            "\(SigningSecret("hush"))", String(reflecting: SigningSecret("hush")), "\([SigningSecret("hush")])", "\(endpoint)", String(reflecting: endpoint),
            "\(Optional(endpoint) as Any)",
        ] {
            #expect(printed.contains("(secret)") && !printed.contains("hush") && !printed.contains("AAEC"))
        }
        #expect(Mirror(reflecting: SigningSecret("hush")).children.isEmpty && Mirror(reflecting: endpoint).children.isEmpty)
    }
}

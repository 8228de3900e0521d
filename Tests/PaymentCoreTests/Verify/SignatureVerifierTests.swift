import PaymentCore
import Testing

@Suite struct SignatureVerifierTests {
    private typealias Samples = SignedSamples

    @Test func theCurrentSchemeVerifies() {
        let expected = VerifiedSignature(scheme: .current, secretIndex: 0, signedAt: Samples.signedAt)
        #expect(verify(current: [Samples.header]) == .success(expected))
        #expect(verify(current: ["t=1780485827, s=" + Samples.code]) == .success(expected))
        #expect(verify(current: ["t=1780485827,s=" + Samples.code.uppercased()]) == .success(expected))
    }

    @Test func theOldSchemeVerifies() {
        let expected = VerifiedSignature(scheme: .legacy, secretIndex: 0, signedAt: nil)
        #expect(verify(legacy: [Samples.legacy]) == .success(expected))
        #expect(verify(legacy: [Samples.legacy.uppercased()]) == .success(expected))
    }

    @Test func otherSecretsGiveTheirKnownAnswers() {
        for sample in Samples.others {
            let verifier = Samples.verifier([sample.secret])
            #expect(verify(verifier, current: ["t=1780485827,s=" + sample.code]) == success(.current, 0))
            #expect(verify(verifier, legacy: [sample.legacy]) == success(.legacy, 0))
            #expect(verify(verifier, current: [Samples.header]) == .failure(.invalid))
        }
    }

    /// `t` is signed as the text it is: Python's `hmac` over `0001780485827.` and the body.
    @Test func theTimeIsSignedAsItWasSent() {
        let code = "eeac99fa834317cfe64f59122f6a3ce47cbb0ec38a4887c5aa3078764245ef3c"
        #expect(verify(current: ["t=0001780485827,s=" + code]) == success(.current, 0))
        #expect(verify(current: ["t=1780485827,s=" + code]) == .failure(.invalid))
        #expect(verify(current: ["t=0001780485827,s=" + Samples.code]) == .failure(.invalid))
    }

    @Test func anEmptyBodyCanBeSigned() {
        let header = "t=1780485827,s=a11761175e5835c205092f3aef597e11ca7657b804ca4477e2a9cbd081362b2d"
        #expect(verify(body: [], current: [header]) == success(.current, 0))
    }

    @Test func anySecretFitsAndTheFirstThatDoesIsNamed() {
        let all = ["new", "newer"] + Samples.others.map(\.secret)
        for index in all.indices {
            var secrets = all
            secrets.insert(Samples.secret, at: index)
            #expect(verify(Samples.verifier(secrets), current: [Samples.header]) == success(.current, index))
            #expect(verify(Samples.verifier(secrets), legacy: [Samples.legacy]) == success(.legacy, index))
            secrets.append(Samples.secret)
            #expect(verify(Samples.verifier(secrets), current: [Samples.header]) == success(.current, index))
        }
        #expect(verify(Samples.verifier(all), current: [Samples.header]) == .failure(.invalid))
        #expect(verify(Samples.verifier([]), current: [Samples.header]) == .failure(.invalid))
        #expect(verify(Samples.verifier([]), legacy: [Samples.legacy]) == .failure(.invalid))
    }

    @Test func theCurrentSchemeDecidesWhenItIsThere() {
        let wrong = "t=1780485827,s=" + String(repeating: "0", count: 64)
        #expect(verify(current: [Samples.header], legacy: [Samples.legacy]) == success(.current, 0))
        #expect(verify(current: [Samples.header], legacy: ["nonsense", "twice"]) == success(.current, 0))
        #expect(verify(current: [wrong], legacy: [Samples.legacy]) == .failure(.invalid))
        #expect(verify(current: [""], legacy: [Samples.legacy]) == .failure(.malformed(.fields)))
        #expect(verify(Samples.verifier(legacy: .refuse), current: [Samples.header], legacy: [Samples.legacy]) == success(.current, 0))
    }

    @Test func theOldSchemeCanBeSwitchedOff() {
        let verifier = Samples.verifier(legacy: .refuse)
        #expect(verify(verifier, legacy: [Samples.legacy]) == .failure(.legacyRefused))
        #expect(verify(verifier, legacy: ["nonsense"]) == .failure(.legacyRefused))
        #expect(verify(verifier) == .failure(.missing))
    }

    @Test func everyChangedByteOfTheBodyIsNoticed() {
        for index in Samples.body.indices {
            var body = Samples.body
            body[index] ^= 1
            #expect(verify(body: body, current: [Samples.header]) == .failure(.invalid))
            #expect(verify(body: body, legacy: [Samples.legacy]) == .failure(.invalid))
        }
        #expect(verify(body: Samples.body.dropLast(), current: [Samples.header]) == .failure(.invalid))
        #expect(verify(body: Samples.body + [0x0A], legacy: [Samples.legacy]) == .failure(.invalid))
    }

    @Test func theCodesAreStable() {
        let codes: [(VerificationFailure, String)] = [
            (.missing, "signature_missing"), (.legacyRefused, "signature_missing"), (.malformed(.doubled), "signature_malformed"),
            (.malformed(.fields), "signature_malformed"), (.malformed(.timestamp), "signature_malformed"), (.malformed(.signature), "signature_malformed"),
            (.invalid, "signature_invalid"), (.stale(.tooOld(byMilliseconds: 1)), "signature_stale"),
            (.stale(.tooFarAhead(byMilliseconds: 1)), "signature_stale"),
        ]
        for (failure, code) in codes {
            #expect(failure.code == code)
            #expect(failure.description.hasPrefix(code + ": "))
        }
    }

    private func success(_ scheme: SignatureScheme, _ index: Int) -> Result<VerifiedSignature, VerificationFailure> {
        .success(VerifiedSignature(scheme: scheme, secretIndex: index, signedAt: scheme == .current ? Samples.signedAt : nil))
    }

    private func verify(
        _ verifier: SignatureVerifier = SignedSamples.verifier(), body: [UInt8] = SignedSamples.body, current: [String] = [], legacy: [String] = []
    ) -> Result<VerifiedSignature, VerificationFailure> {
        verifier.verify(body: body, headers: SignatureHeaders(current: current, legacy: legacy), now: Samples.signedAt)
    }
}

import Crypto
import Fuzzing
import PaymentCore

@main struct FuzzSignature {
    static func main() { Fuzzer.run { check(SignatureInput($0)) } }

    /// A whole second, so that a time can lie exactly at the ends of the tolerance.
    private static let now = Instant(milliseconds: 1_780_485_827_000)
    private static let secrets = SignatureInput.secrets.map { SigningSecret($0) }
    private static let key = Array("0123456789abcdef0123456789abcdef".utf8)

    private static func check(_ input: SignatureInput) {
        let headers = input.headers()
        for now in [now, Instant(milliseconds: .min), Instant(milliseconds: .max)] {
            for policy in LegacySignature.allCases { verified(input.body, headers, policy, now) }
        }
        signed(input)
        notified(input)
    }

    /// Accepted is what the oracle accepts, by the same secret and with the same time; everything else is refused for the oracle's reason.
    private static func verified(_ body: [UInt8], _ headers: SignatureHeaders, _ policy: LegacySignature, _ now: Instant) {
        let verdict = SignatureVerifier(secrets: secrets, legacy: policy).verify(body: body, headers: headers, now: now)
        let expected = SignatureOracle(secrets: SignatureInput.secrets, now: now).judge(body, headers, policy)
        expect(verdict.mapError { SignatureOracle.Code($0) } == expected, "verifier says \(verdict), oracle \(expected)")
        let stranger = SignatureVerifier(secrets: [SigningSecret("nobody's")], legacy: policy).verify(body: body, headers: headers, now: now)
        if case .success = stranger { expect(false, "nothing is accepted without the secret") }
        // The doctor tries some thousand ways: for short bodies only.
        guard now == self.now, body.count <= 48 else { return }
        examined(body, headers, policy, verdict)
    }

    private static func examined(
        _ body: [UInt8], _ headers: SignatureHeaders, _ policy: LegacySignature, _ verdict: Result<VerifiedSignature, VerificationFailure>
    ) {
        let doctor = SignatureDoctor(secrets: secrets, legacy: policy, tolerance: SignatureTolerance())
        let diagnosis = doctor.examine(body: body, headers: headers, now: now)
        expect(diagnosis.verdict == verdict, "doctor and verifier agree")
        if case .success(let signature) = verdict { expect(diagnosis.secretIndex == signature.secretIndex, "the doctor names the verifier's secret") }
        // That there is more than one signature is what is wrong then; the verdict says so.
        if case .failure(.malformed(.doubled)) = verdict { return }
        if diagnosis.secretIndex != nil && !diagnosis.holds { expect(!diagnosis.findings.isEmpty, "a secret that would fit comes with what is wrong") }
        let said = diagnosis.sentences.joined(separator: "\n")
        var writer = JSONWriter()
        diagnosis.write(to: &writer)
        expect((try? JSONDocument.parse(writer.bytes)) != nil, "a diagnosis is JSON")
        for secret in SignatureInput.secrets { expect(!said.contains(secret) && !writer.text.contains(secret), "a diagnosis keeps the secrets") }
    }

    /// Whatever the secret, the time and the body: what is signed is accepted with that secret, and with no other.
    private static func signed(_ input: SignatureInput) {
        let text = String(decoding: input.current.joined(), as: UTF8.self)
        let secret = SigningSecret(text)
        let current = PPROSigner.current(body: input.body, secret: secret, at: now)
        let legacy = PPROSigner.legacy(body: input.body, secret: secret)
        let isKnown = SignatureInput.secrets.contains { $0.utf8.elementsEqual(text.utf8) }
        for headers in [SignatureHeaders(current: [current]), SignatureHeaders(legacy: [legacy])] {
            let withIt = SignatureVerifier(secrets: secrets + [secret]).verify(body: input.body, headers: headers, now: now)
            guard case .success(let signature) = withIt else { return expect(false, "what is signed is accepted") }
            expect(isKnown || signature.secretIndex == secrets.count, "the secret that signed is named")
            let without = SignatureVerifier(secrets: secrets).verify(body: input.body, headers: headers, now: now)
            expect(isKnown || without == .failure(.invalid), "what another secret signed is refused")
            let longer = SignatureVerifier(secrets: [secret]).verify(body: input.body + [0], headers: headers, now: now)
            expect(longer == .failure(.invalid), "a byte more is another body")
        }
    }

    /// The same for what terima signs itself.
    private static func notified(_ input: SignatureInput) {
        guard let secret = EndpointSecret("whsec_" + Base64.encode(key)) else { return expect(false, "a secret of 32 bytes is one") }
        let code = { (message: [UInt8]) in Base64.encode(Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))) }
        guard let (id, timestamp, signature) = input.notification(code) else { return }
        let verdict = StandardWebhooks.verify(id: id, timestamp: timestamp, signature: signature, body: input.body, secrets: [secret], now: now)
        let right = "v1," + code(Array("\(id).\(timestamp).".utf8) + input.body)
        let isListed = signature.utf8.split(separator: UInt8(ascii: " ")).contains { $0.elementsEqual(right.utf8) }
        let isFormed = !id.isEmpty && !id.unicodeScalars.contains(".") && timestamp.wholeMatchesDigits
        let seconds = isFormed ? timestamp.utf8.reduce(Int128(0)) { $0 * 10 + Int128($1 - 48) } : 0
        let isFresh = (Int128(now.milliseconds) - 300_000...Int128(now.milliseconds) + 300_000).contains(seconds * 1000)
        switch verdict {
        case .success: expect(isFormed && isListed && isFresh, "only a right and fresh signature is accepted")
        case .failure(.malformed): expect(!isFormed, "what is well-formed is not malformed")
        case .failure(.invalid): expect(isFormed && !isListed, "a right signature is not invalid")
        case .failure(.stale): expect(isFormed && isListed && !isFresh, "a fresh signature is not stale")
        }
        let headers = StandardWebhooks.headers(id: id, at: now, body: input.body, secrets: [.generate(), secret])
        let own = StandardWebhooks.verify(
            id: headers[0].value, timestamp: headers[1].value, signature: headers[2].value, body: input.body, secrets: [secret], now: now)
        if case .success = own { expect(isFormed || !timestamp.wholeMatchesDigits, "an id with a full stop is refused") }
        if isFormed, case .failure = own { expect(false, "what is signed is accepted") }
    }
}

extension String {
    fileprivate var wholeMatchesDigits: Bool { (1...20).contains(utf8.count) && unicodeScalars.allSatisfy { ("0"..."9").contains($0) } }
}

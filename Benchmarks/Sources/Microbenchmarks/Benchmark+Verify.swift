import PaymentCore

extension Benchmark {
    /// `PPRO-Signature` of an event of about 1 KB, one secret.
    static let verify = Benchmark(name: "verify", few: 160, many: 1_600) { count in
        try verified(count) { body, secret in SignatureHeaders(current: [PPROSigner.current(body: body, secret: secret, at: SampleLife.now)]) }
    }

    /// The same event with the old scheme's `Webhook-Signature`.
    static let verifyLegacy = Benchmark(name: "verify-legacy", few: 160, many: 1_600) { count in
        try verified(count) { body, secret in SignatureHeaders(legacy: [PPROSigner.legacy(body: body, secret: secret)]) }
    }

    private static func verified(_ count: Int, _ sign: ([UInt8], SigningSecret) -> SignatureHeaders) throws -> Checksum {
        let secret = SigningSecret("a-signing-secret-of-usual-length")
        let verifier = SignatureVerifier(secrets: [secret])
        let requests = SampleLife.several().map { (body: $0.captured, headers: sign($0.captured, secret)) }
        var checksum = Checksum()
        for index in 0..<count {
            let request = requests[index % requests.count]
            let verified = try verifier.verify(body: request.body, headers: request.headers, now: SampleLife.now).get()
            checksum.add(verified.secretIndex)
            checksum.add(verified.signedAt?.milliseconds ?? 1)
        }
        return checksum
    }
}

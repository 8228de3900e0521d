import PaymentCore

/// Something whose time must not tell where a wrong signature differs from the right one; or the control, whose time does.
struct Subject {
    let name: String
    /// How often it is done for one measurement: short things are measured in batches.
    let batch: Int
    /// What is measured must tell nothing; false for the control.
    let mustBeConstant: Bool
    /// Does it once with the signature that is wrong in its first byte, or in its last. The result is used, so that nothing is left out.
    let run: (_ isWrongInLast: Bool) -> Bool

    /// - Parameter seconds: of the time that is signed.
    static func all(seconds: Int64 = 1_780_485_827) -> [Subject] {
        let secret = SigningSecret("a-signing-secret-of-usual-length")
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 64)
        let now = Instant(milliseconds: seconds * 1000)
        let current = PPROSigner.current(body: body, secret: secret, at: now)
        let legacy = PPROSigner.legacy(body: body, secret: secret)
        let bytes = Hex.decode(legacy) ?? []
        let (first, last) = (damaged(bytes, 0), damaged(bytes, bytes.count - 1))
        let verifier = SignatureVerifier(secrets: [secret])
        return [
            verifying("PPRO-Signature", verifier, body, now, header: current) { SignatureHeaders(current: [$0]) },
            verifying("Webhook-Signature", verifier, body, now, header: legacy) { SignatureHeaders(legacy: [$0]) },
            Subject(name: "comparison alone", batch: 64, mustBeConstant: true) { ConstantTime.areEqual(bytes, $0 ? last : first) },
            Subject(name: "control: stops at the first difference", batch: 64, mustBeConstant: false) {
                isEqualUpToTheFirstDifference(bytes, $0 ? last : first)
            },
        ]
    }

    private static func verifying(
        _ name: String, _ verifier: SignatureVerifier, _ body: [UInt8], _ now: Instant, header: String, _ headers: (String) -> SignatureHeaders
    ) -> Subject {
        // The last 64 characters are the signature in hexadecimal.
        let signature = Hex.decode(Array(header.utf8.suffix(64))) ?? []
        let begin = String(decoding: Array(header.utf8.dropLast(64)), as: UTF8.self)
        let wrongInFirst = headers(begin + Hex.encode(damaged(signature, 0)))
        let wrongInLast = headers(begin + Hex.encode(damaged(signature, signature.count - 1)))
        return Subject(name: name, batch: 1, mustBeConstant: true) { isWrongInLast in
            if case .success = verifier.verify(body: body, headers: isWrongInLast ? wrongInLast : wrongInFirst, now: now) { return true }
            return false
        }
    }

    /// With the lowest bit of one byte turned over: so digits stay digits and letters stay letters in hexadecimal, and reading them takes the same way.
    private static func damaged(_ bytes: [UInt8], _ index: Int) -> [UInt8] {
        var damaged = bytes
        if damaged.indices.contains(index) { damaged[index] ^= 1 }
        return damaged
    }

    @inline(never) private static func isEqualUpToTheFirstDifference(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        for index in one.indices where one[index] != other[index] { return false }
        return true
    }
}

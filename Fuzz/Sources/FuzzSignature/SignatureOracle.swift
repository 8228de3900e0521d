import Crypto
import PaymentCore

/// What a verifier has to say of two headers and a body, decided another way: the headers are put together from their parts and compared as a whole, times are
/// counted in 128 bits, and the cryptography is the library's own.
struct SignatureOracle {
    var secrets: [String]
    var now: Instant

    private enum Finding { case malformed, wrong, right(VerifiedSignature, time: Int128?) }

    /// What was verified, or the code of the failure.
    func judge(_ body: [UInt8], _ headers: SignatureHeaders, _ policy: LegacySignature) -> Result<VerifiedSignature, Code> {
        let finding: Finding
        if !headers.current.isEmpty {
            finding = headers.current.count == 1 ? current(headers.current[0], body) : .malformed
        } else if headers.legacy.isEmpty || policy == .refuse {
            return .failure("signature_missing")
        } else {
            finding = headers.legacy.count == 1 ? legacy(headers.legacy[0], body) : .malformed
        }
        switch finding {
        case .malformed: return .failure("signature_malformed")
        case .wrong: return .failure("signature_invalid")
        case .right(let signature, let time):
            let isFresh = time.map { (Int128(now.milliseconds) - 72 * 3_600_000...Int128(now.milliseconds) + 300_000).contains($0) } ?? true
            return isFresh ? .success(signature) : .failure("signature_stale")
        }
    }

    struct Code: Error, Equatable, ExpressibleByStringLiteral {
        var word: String
        init(stringLiteral word: String) { self.word = word }
        init(_ failure: VerificationFailure) { word = failure.code }
    }

    private func current(_ value: String, _ body: [UInt8]) -> Finding {
        let bytes = Array(value.utf8)
        let digits = bytes.dropFirst(2).prefix { (48...57).contains($0) }
        let code = bytes.suffix(64)
        let forms = [",s=", ", s="].map { Array("t=".utf8) + digits + Array($0.utf8) + code }
        guard forms.contains(bytes), (1...20).contains(digits.count), let given = Self.bytes(ofHex: code) else { return .malformed }
        let message = digits + Array(".".utf8) + body
        guard let index = secrets.firstIndex(where: { HMAC<SHA256>.isValidAuthenticationCode(given, authenticating: message, using: Self.key($0)) })
        else { return .wrong }
        let time = digits.reduce(Int128(0)) { $0 * 10 + Int128($1 - 48) } * 1000
        let signedAt = Instant(milliseconds: Int64(clamping: time))
        return .right(VerifiedSignature(scheme: .current, secretIndex: index, signedAt: signedAt), time: Int128(signedAt.milliseconds))
    }

    private func legacy(_ value: String, _ body: [UInt8]) -> Finding {
        guard value.utf8.count == 64, let given = Self.bytes(ofHex: Array(value.utf8)[...]) else { return .malformed }
        guard let index = secrets.firstIndex(where: { Array(SHA256.hash(data: body + Array(".\($0)".utf8))) == given }) else { return .wrong }
        return .right(VerifiedSignature(scheme: .legacy, secretIndex: index, signedAt: nil), time: nil)
    }

    static func code(_ message: [UInt8], _ secret: String) -> [UInt8] { Array(HMAC<SHA256>.authenticationCode(for: message, using: key(secret))) }

    private static func key(_ secret: String) -> SymmetricKey { SymmetricKey(data: Array(secret.utf8)) }

    private static func bytes(ofHex digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.allSatisfy({ (48...57).contains($0) || (65...70).contains($0) || (97...102).contains($0) }) else { return nil }
        let text = Array(digits)
        return stride(from: 0, to: text.count - 1, by: 2).compactMap { UInt8(String(decoding: text[$0...$0 + 1], as: UTF8.self), radix: 16) }
    }
}

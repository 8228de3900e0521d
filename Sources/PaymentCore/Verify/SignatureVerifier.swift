internal import Crypto

/// Whether the old scheme is still taken.
package enum LegacySignature: String, Sendable, CaseIterable { case accept, refuse }

/// How far the time of a signature may lie from now.
package struct SignatureTolerance: Sendable, Equatable {
    /// PPRO retries for about 68 hours and does not say whether it signs anew each time; 72 hours never lose a genuine retry.
    package var backMilliseconds: Int64 = 72 * 3_600_000
    /// For clocks that differ.
    package var aheadMilliseconds: Int64 = 5 * 60_000

    package init() {}

    package init(backMilliseconds: Int64, aheadMilliseconds: Int64) {
        self.backMilliseconds = backMilliseconds
        self.aheadMilliseconds = aheadMilliseconds
    }

    /// Nil when `signedAt` is within the tolerance; both ends belong to it.
    func staleness(of signedAt: Instant, now: Instant) -> VerificationFailure.Staleness? {
        let age = now.milliseconds(since: signedAt)
        if age > backMilliseconds { return .tooOld(byMilliseconds: difference(age, backMilliseconds)) }
        let lead = signedAt.milliseconds(since: now)
        if lead > aheadMilliseconds { return .tooFarAhead(byMilliseconds: difference(lead, aheadMilliseconds)) }
        return nil
    }

    private func difference(_ greater: Int64, _ lesser: Int64) -> Int64 {
        Instant(milliseconds: greater).milliseconds(since: Instant(milliseconds: lesser))
    }
}

/// What a signature proved.
package struct VerifiedSignature: Sendable, Equatable {
    package var scheme: SignatureScheme
    /// Position of the secret among those configured, from 0: tells when an old one is no longer in use.
    package var secretIndex: Int
    /// `t` of the current scheme; the old one signs no time.
    package var signedAt: Instant?

    package init(scheme: SignatureScheme, secretIndex: Int, signedAt: Instant?) {
        self.scheme = scheme
        self.secretIndex = secretIndex
        self.signedAt = signedAt
    }
}

/// Tells whether a request is PPRO's, by the raw bytes of its body.
///
/// When `PPRO-Signature` is there it alone decides: a failed HMAC is never rescued by the old scheme. Every secret is tried on every request and all bytes of the
/// signature are compared, so the time taken tells nothing about them.
package struct SignatureVerifier: Sendable {
    private let secrets: [SigningSecret]
    private let legacy: LegacySignature
    private let tolerance: SignatureTolerance

    /// - Parameter secrets: all that are valid at present, several while one is rotated.
    package init(secrets: [SigningSecret], legacy: LegacySignature = .accept, tolerance: SignatureTolerance = SignatureTolerance()) {
        self.secrets = secrets
        self.legacy = legacy
        self.tolerance = tolerance
    }

    package var secretCount: Int { secrets.count }

    /// For each of the secrets its position among those of `other`; nil where that does not have it.
    package func positions(in other: SignatureVerifier) -> [Int?] {
        secrets.map { secret in other.secrets.firstIndex { ConstantTime.areEqual($0.bytes, secret.bytes) } }
    }

    package func verify(body: [UInt8], headers: SignatureHeaders, now: Instant) -> Result<VerifiedSignature, VerificationFailure> {
        Result { () throws(VerificationFailure) in
            if let header = headers.current.first {
                guard headers.current.count == 1 else { throw .malformed(.doubled) }
                return try verifyCurrent(body, header, now)
            }
            guard let header = headers.legacy.first else { throw .missing }
            guard legacy == .accept else { throw .legacyRefused }
            guard headers.legacy.count == 1 else { throw .malformed(.doubled) }
            return try verifyLegacy(body, header)
        }
    }

    private func verifyCurrent(_ body: [UInt8], _ header: String, _ now: Instant) throws(VerificationFailure) -> VerifiedSignature {
        let header = try CurrentSignature(parsing: header)
        let prefix = CurrentSignature.prefix(header.timestamp)
        let index = try indexOfSecret { ConstantTime.areEqual($0.authenticationCode(of: prefix, body), header.signature) }
        if let staleness = tolerance.staleness(of: header.signedAt, now: now) { throw .stale(staleness) }
        return VerifiedSignature(scheme: .current, secretIndex: index, signedAt: header.signedAt)
    }

    private func verifyLegacy(_ body: [UInt8], _ header: String) throws(VerificationFailure) -> VerifiedSignature {
        if header.utf8.contains(UInt8(ascii: ",")) { throw .malformed(.doubled) }
        let signature = try VerificationFailure.signatureBytes(header.utf8)
        let prefix = LegacyHash.prefix(body)
        let index = try indexOfSecret { ConstantTime.areEqual($0.hash(after: prefix), signature) }
        return VerifiedSignature(scheme: .legacy, secretIndex: index, signedAt: nil)
    }

    /// The first secret that fits, after all have been tried.
    private func indexOfSecret(_ fits: (SigningSecret) -> Bool) throws(VerificationFailure) -> Int {
        var found: Int?
        for (index, secret) in secrets.enumerated() {
            let isRight = fits(secret)
            if isRight, found == nil { found = index }
        }
        guard let found else { throw .invalid }
        return found
    }
}

/// The part of the old scheme's hash that is the same for all secrets.
enum LegacyHash {
    static func prefix(_ body: [UInt8]) -> SHA256 {
        var hash = SHA256()
        body.withUnsafeBytes { hash.update(bufferPointer: $0) }
        [UInt8(ascii: ".")].withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash
    }
}

internal import Crypto

/// Finds out why a signature does not hold, by trying the mistakes that people make: a file that gained a newline, JSON that was parsed and written again,
/// a secret with white space around it, the other scheme, the wrong message. For operators with a body and a header at hand; never on the way of an event.
package struct SignatureDoctor: Sendable {
    /// Something noticed about the body, the secret or the header. A closed list; the raw values are stable codes.
    package enum Finding: String, Sendable, CaseIterable {
        case bodyGainedNewline = "body_gained_newline"
        case bodyLostNewline = "body_lost_newline"
        case bodyLineEnds = "body_line_ends"
        case bodyByteOrderMark = "body_byte_order_mark"
        case bodyReserialised = "body_reserialised"
        case secretWhitespace = "secret_whitespace"
        case oldSchemeUnderCurrentHeader = "old_scheme_under_current_header"
        case currentSchemeUnderOldHeader = "current_scheme_under_old_header"
        case timeNotSigned = "time_not_signed"
        case oldSchemeAsHMAC = "old_scheme_as_hmac"
        case oldSchemeRefused = "old_scheme_refused"
        case upperCaseHex = "upper_case_hex"
    }

    /// What was found. `secretIndex` is the position, from 0, of the secret with which the signature holds after all.
    package struct Diagnosis: Sendable {
        package var verdict: Result<VerifiedSignature, VerificationFailure>
        package var findings: [Finding]
        package var secretIndex: Int?
        package var secretCount: Int
        package var now: Instant

        /// Whether terima would accept the webhook.
        package var holds: Bool { if case .success = verdict { true } else { false } }
    }

    private let secrets: [SigningSecret]
    private let verifier: SignatureVerifier

    package init(secrets: [SigningSecret], legacy: LegacySignature, tolerance: SignatureTolerance) {
        self.secrets = secrets
        verifier = SignatureVerifier(secrets: secrets, legacy: legacy, tolerance: tolerance)
    }

    package func examine(body: [UInt8], headers: SignatureHeaders, now: Instant) -> Diagnosis {
        let verdict = verifier.verify(body: body, headers: headers, now: now)
        var diagnosis = Diagnosis(verdict: verdict, findings: [], secretIndex: nil, secretCount: secrets.count, now: now)
        let hexDigits = (headers.current.first ?? headers.legacy.first ?? "").drop { $0 != "=" }.utf8
        if hexDigits.contains(where: { (65...70).contains($0) }) { diagnosis.findings.append(.upperCaseHex) }
        switch verdict {
        case .success(let signature): diagnosis.secretIndex = signature.secretIndex
        case .failure(.stale), .failure(.missing): break
        case .failure(.legacyRefused):
            diagnosis.findings.append(.oldSchemeRefused)
            search(body, headers, &diagnosis)
        case .failure(.invalid), .failure(.malformed): search(body, headers, &diagnosis)
        }
        return diagnosis
    }

    /// Tries every body with every secret and every way to sign, the least changes first.
    private func search(_ body: [UInt8], _ headers: SignatureHeaders, _ diagnosis: inout Diagnosis) {
        guard let claim = Claim(headers) else { return }
        for candidate in BodyVariants.all(of: body) {
            for (index, secret) in secrets.enumerated() {
                for (variant, hasOtherSpace) in Self.variants(of: secret) {
                    guard let way = claim.way(body: candidate.bytes, secret: variant) else { continue }
                    diagnosis.secretIndex = index
                    diagnosis.findings += [candidate.finding, hasOtherSpace ? .secretWhitespace : nil, way.finding].compactMap { $0 }
                    return
                }
            }
        }
    }

    private static func variants(of secret: SigningSecret) -> [(SigningSecret, Bool)] {
        let text = String(decoding: secret.bytes, as: UTF8.self)
        var variants = [
            (secret, false), (SigningSecret(text + "\n"), true), (SigningSecret(text + "\r\n"), true), (SigningSecret(" " + text), true),
            (SigningSecret(text + " "), true),
        ]
        if let first = text.firstIndex(where: { !$0.isWhitespace }), let last = text.lastIndex(where: { !$0.isWhitespace }) {
            let trimmed = String(text[first...last])
            if trimmed.utf8.count != text.utf8.count { variants.append((SigningSecret(trimmed), true)) }
        }
        return variants
    }

    /// The signature that the headers claim, whichever header it came in.
    private struct Claim {
        struct Way { var finding: Finding? }

        let timestamp: [UInt8]?
        let signature: [UInt8]
        let isUnderCurrentHeader: Bool

        init?(_ headers: SignatureHeaders) {
            isUnderCurrentHeader = !headers.current.isEmpty
            guard let text = headers.current.first ?? headers.legacy.first else { return nil }
            if let parsed = try? CurrentSignature(parsing: text) {
                (timestamp, signature) = (parsed.timestamp, parsed.signature)
            } else if let bytes = try? VerificationFailure.signatureBytes(text.utf8) {
                (timestamp, signature) = (nil, bytes)
            } else {
                return nil
            }
        }

        /// How the signature comes about from this body and secret; nil when it does not.
        func way(body: [UInt8], secret: SigningSecret) -> Way? {
            if let timestamp {
                if signature == secret.authenticationCode(of: CurrentSignature.prefix(timestamp), body) {
                    return Way(finding: isUnderCurrentHeader ? nil : .currentSchemeUnderOldHeader)
                }
                if signature == secret.authenticationCode(of: body) { return Way(finding: .timeNotSigned) }
            }
            if signature == secret.hash(after: LegacyHash.prefix(body)) { return Way(finding: isUnderCurrentHeader ? .oldSchemeUnderCurrentHeader : nil) }
            if timestamp == nil && signature == secret.authenticationCode(of: body) { return Way(finding: .oldSchemeAsHMAC) }
            return nil
        }
    }
}

extension SignatureDoctor.Diagnosis {
    /// The diagnosis in plain words, one thought a line.
    package var sentences: [String] {
        var lines: [String] = []
        switch verdict {
        case .success(let signature):
            lines.append("The signature holds: \(signature.scheme.rawValue), secret \(signature.secretIndex + 1) of \(secretCount).")
            if let signedAt = signature.signedAt {
                lines.append(
                    "Signed at \(signedAt.iso8601), \(DurationText.format(max(0, now.milliseconds(since: signedAt)))) before the time it was judged at.")
            }
        case .failure(let failure):
            lines.append("The signature does not hold: \(failure.code).")
            lines.append(Self.explanation(of: failure))
            if let secretIndex { lines.append("It would hold with secret \(secretIndex + 1) of \(secretCount), because:") }
        }
        lines += findings.map { (holds || secretIndex == nil ? "" : "- ") + $0.sentence }
        if case .failure(.invalid) = verdict, secretIndex == nil {
            lines.append(
                "None of the usual mistakes explains it: either none of the \(secretCount) secrets is the one PPRO signs with, or the body is not the one that was signed."
            )
            lines.append(
                "Check with PPRO's account manager which secret is in use, and save the body with a tool that does not touch it (tcpdump, nginx's request body)."
            )
        }
        return lines
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("holds", holds)
            switch verdict {
            case .success(let signature):
                $0.member("scheme", signature.scheme.rawValue)
                $0.member("signedAt", signature.signedAt?.iso8601)
            case .failure(let failure): $0.member("error", failure.code)
            }
            $0.member("secret", secretIndex.map { $0 + 1 })
            $0.member("secrets", secretCount)
            $0.key("findings")
            $0.array { writer in findings.forEach { writer.string($0.rawValue) } }
        }
    }

    private static func explanation(of failure: VerificationFailure) -> String {
        switch failure {
        case .missing: "There is no PPRO-Signature header (nor the old Webhook-Signature). A proxy may have dropped it, or the request is not PPRO's."
        case .malformed:
            "The header is not of the form t=<unix seconds>,s=<64 hexadecimal digits>, or it came twice. A proxy or a copy-and-paste may have changed it."
        case .invalid: "The header is well-formed, but it was not made from this body with any of the configured secrets."
        case .stale(.tooOld(let by)):
            "It is genuine, but \(DurationText.format(by)) older than TERIMA_SIGNATURE_TOLERANCE allows: an old request sent again, or a clock that is wrong."
        case .stale(.tooFarAhead(let by)):
            "It is genuine, but \(DurationText.format(by)) further ahead than TERIMA_SIGNATURE_TOLERANCE_AHEAD allows: this machine's clock is probably slow."
        case .legacyRefused: "Only the old Webhook-Signature is there, and TERIMA_LEGACY_SIGNATURE is refuse."
        }
    }
}

extension SignatureDoctor.Finding {
    /// The finding in plain words, with what to do.
    package var sentence: String {
        switch self {
        case .bodyGainedNewline: "the body has gained a line end at its end (an editor or echo adds one); sign and verify the bytes without it."
        case .bodyLostNewline: "the body has lost the line end at its end; something trimmed it."
        case .bodyLineEnds: "the body's line ends were changed between LF and CRLF on the way."
        case .bodyByteOrderMark: "a byte order mark was added to the body or taken away."
        case .bodyReserialised: "the body was parsed and written again as JSON (spaces, escapes); verify the raw bytes before any parser touches them."
        case .secretWhitespace: "the secret configured here differs from PPRO's in white space at its ends; configure it without."
        case .oldSchemeUnderCurrentHeader: "PPRO-Signature holds the old scheme's plain hash; it belongs under Webhook-Signature."
        case .currentSchemeUnderOldHeader: "Webhook-Signature holds the current scheme's value; it belongs under PPRO-Signature."
        case .timeNotSigned: "the HMAC was made over the body alone; it must be over t, a full stop and the body."
        case .oldSchemeAsHMAC: "the old scheme's value was made as an HMAC; it is the plain SHA-256 of the body, a full stop and the secret."
        case .oldSchemeRefused: "it is the old scheme, which this configuration refuses (TERIMA_LEGACY_SIGNATURE)."
        case .upperCaseHex: "The hexadecimal digits are in upper case. terima takes either; code that compares texts does not."
        }
    }
}

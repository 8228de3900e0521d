/// Signs the way PPRO does: for the sandbox, the signature doctor and tests.
package enum PPROSigner {
    /// The value of `PPRO-Signature`.
    package static func current(body: [UInt8], secret: SigningSecret, at instant: Instant) -> String {
        let timestamp = UnixSeconds.text(instant)
        return "t=\(timestamp),s=\(Hex.encode(secret.authenticationCode(of: CurrentSignature.prefix(Array(timestamp.utf8)), body)))"
    }

    /// The value of `Webhook-Signature`.
    package static func legacy(body: [UInt8], secret: SigningSecret) -> String {
        Hex.encode(secret.hash(after: LegacyHash.prefix(body)))
    }
}

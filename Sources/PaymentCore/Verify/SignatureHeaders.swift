/// The two headers of a request that may carry PPRO's signature.
package struct SignatureHeaders: Sendable {
    /// Every value of `PPRO-Signature`, as received.
    package var current: [String]
    /// Every value of `Webhook-Signature`, as received.
    package var legacy: [String]

    package init(current: [String] = [], legacy: [String] = []) {
        self.current = current
        self.legacy = legacy
    }
}

/// PPRO's two ways to sign; the raw values are the headers' names.
package enum SignatureScheme: String, Sendable {
    /// HMAC-SHA256 over the time and the raw body.
    case current = "PPRO-Signature"
    /// A plain SHA-256 over the raw body and the secret; deprecated, still sent to old customers, without a time.
    case legacy = "Webhook-Signature"
}

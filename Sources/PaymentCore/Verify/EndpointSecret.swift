internal import Crypto

/// A secret shared with one of the shop's endpoints: `whsec_` and the base 64 of 24 to 64 bytes (Standard Webhooks 1.0.0, "Symmetric").
package struct EndpointSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private static let marker = "whsec_"

    private let key: [UInt8]
    private let keyed: HMAC<SHA256>

    /// Nil when the text is not of the form, or its key is shorter than 24 or longer than 64 bytes.
    package init?(_ text: String) {
        guard text.utf8.starts(with: EndpointSecret.marker.utf8), let key = Base64.decode(text.utf8.dropFirst(EndpointSecret.marker.utf8.count)),
            (24...64).contains(key.count)
        else { return nil }
        self.init(key: key)
    }

    private init(key: [UInt8]) {
        self.key = key
        keyed = HMAC(key: SymmetricKey(data: key))
    }

    /// A new secret of 32 bytes from the system's random source.
    package static func generate() -> EndpointSecret {
        var random = SystemRandomNumberGenerator()
        return EndpointSecret(key: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// The secret itself, to be shown once to whoever asked for it. Everything else prints `(secret)`.
    package var exposed: String { EndpointSecret.marker + Base64.encode(key) }

    package var description: String { "(secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// HMAC-SHA256 over the parts, one after the other, 32 bytes.
    func authenticationCode(of parts: [UInt8]...) -> [UInt8] {
        var code = keyed
        for part in parts { code.update(data: part) }
        return Array(code.finalize())
    }
}

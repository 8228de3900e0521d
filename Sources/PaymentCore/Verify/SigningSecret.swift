internal import Crypto

/// A secret shared with PPRO. Its text cannot be read back, so that it cannot end up in a log.
package struct SigningSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let bytes: [UInt8]
    /// The HMAC with the key already worked in: saves two of the hash's blocks on every request.
    private let keyed: HMAC<SHA256>

    /// - Parameter text: the secret as PPRO's account manager gives it; its UTF-8 bytes are the key.
    package init(_ text: String) {
        bytes = Array(text.utf8)
        keyed = HMAC(key: SymmetricKey(data: bytes))
    }

    package var description: String { "(secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// HMAC-SHA256 over the parts, one after the other, 32 bytes.
    func authenticationCode(of parts: [UInt8]...) -> [UInt8] {
        var code = keyed
        for part in parts { code.update(data: part) }
        return Array(code.finalize())
    }

    /// SHA-256 over `prefix` and then the secret, 32 bytes: the old scheme's plain hash.
    /// - Parameter prefix: a hash that has already seen what comes before the secret.
    func hash(after prefix: SHA256) -> [UInt8] {
        var hash = prefix
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }
}

/// The value of `PPRO-Signature`, taken apart: exactly `t=<1 to 20 digits>,s=<64 hexadecimal digits of either case>`, in this order.
///
/// One space after the comma is let pass, because proxies that fold lists write `, `. Nothing else is: two readings of one header are two chances for a forger.
struct CurrentSignature {
    /// The digits as they were sent: they are signed as text, so `007` must not become `7`.
    let timestamp: [UInt8]
    /// 32 bytes.
    let signature: [UInt8]

    init(parsing text: String) throws(VerificationFailure) {
        var fields = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard fields.count == 2 else {
            let signatures = fields.count { $0.drop { $0 == UInt8(ascii: " ") }.starts(with: "s=".utf8) }
            throw .malformed(signatures > 1 ? .doubled : .fields)
        }
        if fields[1].first == UInt8(ascii: " ") { fields[1].removeFirst() }
        guard fields[0].starts(with: "t=".utf8), fields[1].starts(with: "s=".utf8) else { throw .malformed(.fields) }
        timestamp = Array(fields[0].dropFirst(2))
        guard (1...20).contains(timestamp.count), timestamp.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw .malformed(.timestamp) }
        signature = try VerificationFailure.signatureBytes(fields[1].dropFirst(2))
    }

    /// The time that `t` names; twenty digits reach beyond any clock, so it stops at the end of the range.
    var signedAt: Instant { UnixSeconds.instant(timestamp) }

    /// What `SigningSecret` signs before the body.
    static func prefix(_ timestamp: [UInt8]) -> [UInt8] { timestamp + [UInt8(ascii: ".")] }
}

extension VerificationFailure {
    /// The 32 bytes that 64 hexadecimal digits of either case stand for.
    static func signatureBytes(_ digits: some Collection<UInt8>) throws(VerificationFailure) -> [UInt8] {
        guard digits.count == 64, let bytes = Hex.decode(digits) else { throw .malformed(.signature) }
        return bytes
    }
}

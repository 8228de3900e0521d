/// The value of `PPRO-Signature`, taken apart: exactly `t=<1 to 20 digits>,s=<64 hexadecimal digits of either case>`, in this order.
///
/// One space after the comma is let pass, because proxies that fold lists write `, `. Nothing else is: two readings of one header are two chances for a forger.
struct CurrentSignature {
    /// The digits as they were sent: they are signed as text, so `007` must not become `7`.
    let timestamp: [UInt8]
    /// 32 bytes.
    let signature: [UInt8]

    init(parsing text: String) throws(VerificationFailure) {
        let text = Array(text.utf8)
        guard let comma = text.firstIndex(of: UInt8(ascii: ",")), !text[(comma + 1)...].contains(UInt8(ascii: ",")) else { throw .malformed(Self.fault(text)) }
        var second = text[(comma + 1)...]
        if second.first == UInt8(ascii: " ") { second.removeFirst() }
        guard text[..<comma].starts(with: "t=".utf8), second.starts(with: "s=".utf8) else { throw .malformed(.fields) }
        timestamp = Array(text[..<comma].dropFirst(2))
        guard (1...20).contains(timestamp.count), timestamp.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw .malformed(.timestamp) }
        signature = try VerificationFailure.signatureBytes(second.dropFirst(2))
    }

    /// What is wrong with a header that has not exactly two fields.
    private static func fault(_ text: [UInt8]) -> VerificationFailure.Malformation {
        let fields = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let signatures = fields.count { $0.drop { $0 == UInt8(ascii: " ") }.starts(with: "s=".utf8) }
        return signatures > 1 ? .doubled : .fields
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

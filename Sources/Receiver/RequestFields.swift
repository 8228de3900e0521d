import NIOHTTP1
import PaymentCore

/// The header fields that matter, found in one pass over all of them. Doubled fields are all kept: the verifier refuses a doubled signature, so it must see it.
struct RequestFields {
    private(set) var signatures = SignatureHeaders(current: [], legacy: [])
    /// nil without the field; `Int.max` for one that fits no Int.
    private(set) var contentLength: Int?
    /// A body will follow (RFC 9112 section 6.3).
    private(set) var announcesBody = false
    /// The body is encoded otherwise than `identity`.
    private(set) var isEncoded = false
    /// `Transfer-Encoding` is there.
    private(set) var hasTransferEncoding = false
    /// It is there otherwise than as the one word `chunked`, the only one that we can undo.
    private var hasOddTransferEncoding = false
    private(set) var expectsContinue = false
    private(set) var asksUpgrade = false
    /// Every `WebHook-Request-Origin`.
    private(set) var origins: [String] = []
    /// Every `X-Forwarded-For`, if they are wanted.
    private(set) var forwarded: [String] = []

    init(_ headers: HTTPHeaders, keepsForwarded: Bool = false) {
        for (name, value) in headers {
            // The length tells most fields apart without looking at them.
            switch name.utf8.count {
            case 6 where name.isField("expect"):
                expectsContinue = value.isField("100-continue")
            case 7 where name.isField("upgrade"):
                asksUpgrade = true
            case 14 where name.isField("ppro-signature"):
                signatures.current.append(value.withoutOuterSpace)
            case 14 where name.isField("content-length"):
                // The parser has made sure that these are digits, once.
                let length = Int(value.withoutOuterSpace) ?? .max
                contentLength = length
                announcesBody = announcesBody || length > 0
            case 15 where keepsForwarded && name.isField("x-forwarded-for"):
                forwarded.append(value)
            case 16 where name.isField("content-encoding"):
                isEncoded = isEncoded || !value.withoutOuterSpace.isField("identity")
            case 17 where name.isField("webhook-signature"):
                signatures.legacy.append(value.withoutOuterSpace)
            case 17 where name.isField("transfer-encoding"):
                hasOddTransferEncoding = hasOddTransferEncoding || hasTransferEncoding || !value.withoutOuterSpace.isField("chunked")
                (announcesBody, hasTransferEncoding) = (true, true)
            case 22 where name.isField("webhook-request-origin"):
                origins.append(value.withoutOuterSpace)
            default:
                break
            }
        }
    }

    /// Whether everybody reads the same end of the body: the length and the chunks exclude each other, an empty `Transfer-Encoding` counts as one, and HTTP/1.0
    /// knows no chunks (RFC 9112 sections 6.1 and 6.3).
    func haveOneFraming(in version: HTTPVersion) -> Bool {
        !hasTransferEncoding || (version == .http1_1 && contentLength == nil && !hasOddTransferEncoding)
    }
}

extension String {
    /// Equal as bytes but for the case of ASCII letters, as field names and tokens are.
    /// - Parameter lowercase: ASCII in lower case.
    fileprivate func isField(_ lowercase: String) -> Bool {
        utf8.count == lowercase.utf8.count
            && zip(utf8, lowercase.utf8).allSatisfy { mine, wanted in
                mine == wanted || (mine >= UInt8(ascii: "A") && mine <= UInt8(ascii: "Z") && mine | 0x20 == wanted)
            }
    }

    /// Without spaces and tabs at either end: they are not part of a field's value (RFC 9110 section 5.5).
    fileprivate var withoutOuterSpace: String {
        func isSpace(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard isSpace(utf8.first) || isSpace(utf8.last) else { return self }
        var inner = Substring(self).utf8.drop(while: isSpace)
        while isSpace(inner.last) { inner.removeLast() }
        return String(Substring(inner))
    }
}

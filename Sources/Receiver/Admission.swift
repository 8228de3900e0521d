import NIOHTTP1

/// What the head of a request decides, before any byte of its body is read. Nothing in it but the target, the method and the framing counts: only the body is
/// signed, so neither `Content-Type` nor CloudEvents' `ce-` fields are looked at.
enum Admission: Equatable {
    /// A webhook: collect its body and verify it.
    case read
    /// Asked for the health, which is looked up when the answer is made.
    case health
    /// The answer is known.
    case answer(ReceiverAnswer)

    static func decide(_ head: HTTPRequestHead, fields: RequestFields, maximumBodyBytes: Int) -> Admission {
        guard let resource = Resource(target: head.uri) else { return .answer(.refused(.notFound)) }
        switch (resource, head.method) {
        case (.webhook, .POST):
            if fields.isEncoded { return .answer(.refused(.contentEncodingUnsupported)) }
            if let length = fields.contentLength, length > maximumBodyBytes { return .answer(.refused(.bodyTooLarge)) }
            return .read
        case (.webhook, .OPTIONS):
            return .answer(handshake(fields.origins))
        case (.health, .GET), (.health, .HEAD):
            return .health
        case (.health, .OPTIONS):
            return .answer(.options(.health))
        default:
            return .answer(.methodNotAllowed(resource))
        }
    }

    /// The abuse protection of "HTTP 1.1 Web Hooks for Event Delivery" (CloudEvents), section 4: we agree to deliveries from whoever asks, since a delivery
    /// without our secret's signature is refused anyway.
    private static func handshake(_ origins: [String]) -> ReceiverAnswer {
        guard let origin = origins.first else { return .options(.webhook) }
        guard origins.count == 1, isOrigin(origin) else { return .refused(.originInvalid) }
        return .handshake(origin: origin)
    }

    /// The origin is echoed in a header field, so only what a host name, port or origin is made of is taken.
    private static func isOrigin(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"): true
                default: false
                }
            }
    }
}

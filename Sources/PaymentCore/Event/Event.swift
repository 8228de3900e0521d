/// One received webhook, decoded as far as it could be, ready to be stored.
package struct Event: Sendable {
    /// CloudEvents' identity of an event: `(source, id)`, compared as bytes.
    package var identity: EventIdentity
    /// The raw body as it came over the wire.
    package var body: [UInt8]
    /// SHA-256 of `body`, 32 bytes: tells a repeat from a conflict.
    package var bodyHash: [UInt8]
    package var receivedAt: Instant
    package var content: Content

    package enum Content: Sendable, Equatable {
        case readable(EventFacts)
        /// The body was signed but cannot be read; it is stored as *failed* with this reason.
        case unreadable(DecodingFailure)
    }

    package init(identity: EventIdentity, body: [UInt8], bodyHash: [UInt8], receivedAt: Instant, content: Content) {
        self.identity = identity
        self.body = body
        self.bodyHash = bodyHash
        self.receivedAt = receivedAt
        self.content = content
    }
}

import PaymentCore

/// What an operator can ask for; the HTTP routes and the commands make the same requests, and `Operations` answers them.
package enum OperatorRequest: Sendable {
    package enum Collection: String, Sendable, CaseIterable { case events, charges, agreements, deliveries }

    case list(Collection, Parameters)
    case show(Collection, id: String, Parameters)
    /// The raw bytes of an event's body.
    case body(event: String)
    case status
    case replay(document: [UInt8])
    case rebuild(document: [UInt8])
}

/// The bytes of an answer and their media type.
package struct OperatorAnswer: Sendable {
    package var bytes: [UInt8]
    package var mediaType: String

    package init(bytes: [UInt8], mediaType: String = "application/json") {
        self.bytes = bytes
        self.mediaType = mediaType
    }
}

import PaymentCore

/// What an operator can ask for; the HTTP routes and the commands make the same requests, and `Operations` answers them.
package enum OperatorRequest: Sendable {
    package enum Collection: String, Sendable, CaseIterable { case events, charges, agreements, deliveries }

    case list(Collection, Parameters)
    case show(Collection, id: String, Parameters)
    /// The raw bytes of an event's body.
    case body(event: String)
    case status
    /// What may be wrong with money.
    case alarms(Parameters)
    /// For Prometheus.
    case metrics
    case replay(document: [UInt8])
    case rebuild(document: [UInt8])
    case reconcile(document: [UInt8])
    case acknowledge(document: [UInt8])
    case backUp(document: [UInt8])
    case purge(document: [UInt8])
    case erase(document: [UInt8])

    /// Whether it may take long and is of no use to a client that has gone: it ends with its connection.
    var endsWithClient: Bool {
        switch self {
        case .list(_, let parameters), .show(_, _, let parameters): parameters.items.contains { $0.name == "wait" }
        case .backUp, .purge: true
        case .body, .status, .alarms, .metrics, .replay, .rebuild, .reconcile, .acknowledge, .erase: false
        }
    }
}

/// The bytes of an answer and their media type.
package struct OperatorAnswer: Sendable {
    package var bytes: [UInt8]
    package var mediaType: String
    /// false: what was waited for has not come.
    package private(set) var hasContent = true

    static let nothing: OperatorAnswer = {
        var answer = OperatorAnswer(bytes: [])
        answer.hasContent = false
        return answer
    }()

    package init(bytes: [UInt8], mediaType: String = "application/json") {
        self.bytes = bytes
        self.mediaType = mediaType
    }
}

internal import PaymentCore

/// What goes back to whoever asked.
package struct APIAnswer: Sendable, Equatable {
    package enum Content: String, Sendable {
        case json = "application/json"
        case html = "text/html; charset=utf-8"
    }

    package var status: Int
    package var content = Content.json
    package var body: [UInt8]
    /// Beyond the content's type and length.
    package var headers: [Header] = []
    /// Why the request was refused, for the log.
    var reason: String?

    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    init(_ status: Int, _ body: [UInt8], _ content: Content = .json) {
        self.status = status
        self.body = body
        self.content = content
    }

    /// PPRO's error envelope.
    init(_ refusal: Refusal, at now: Instant) {
        self.init(refusal.status, refusal.json(at: now))
        reason = refusal.message
        if let allow = refusal.allow { set("Allow", allow) }
    }

    /// Sends a browser on with a GET.
    static func seeOther(_ location: String) -> APIAnswer {
        var answer = APIAnswer(303, [])
        answer.set("Location", location)
        return answer
    }

    mutating func set(_ name: String, _ value: String) { headers.append(Header(name: name, value: value)) }

    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

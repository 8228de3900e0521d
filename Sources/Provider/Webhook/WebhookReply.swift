import PaymentCore

/// How one attempt to hand over a webhook ended.
package enum WebhookReply: Sendable, Equatable {
    /// Answered with 2xx: the receiver answers for the event from now on.
    case acknowledged(Word)
    /// Answered with anything else; `error` is the code in the answer, where there is one.
    case refused(status: Int, error: String?)
    /// No answer came: refused connection, reset, time-out.
    case unanswered(String)

    /// What a 2xx said about the event.
    package enum Word: String, Sendable { case accepted, duplicate, conflict, other }

    /// Reads an answer.
    package init(status: Int, body: [UInt8]) {
        let document = try? JSONDocument.parse(body)
        if (200..<300).contains(status) {
            self = .acknowledged(document?.root["status"]?.string.flatMap(Word.init(rawValue:)) ?? .other)
        } else {
            self = .refused(status: status, error: document?.root["error"]?.string)
        }
    }

    /// PPRO repeats whatever was not answered with 2xx. A refusal of the request itself (4xx) cannot get better by repeating, so a play reports it at once;
    /// time-outs and overload (408, 425, 429) can.
    package var isWorthRepeating: Bool {
        switch self {
        case .acknowledged: false
        case .refused(let status, _): status >= 500 || [408, 425, 429].contains(status)
        case .unanswered: true
        }
    }

    /// In words, for a report.
    package var explanation: String {
        switch self {
        case .acknowledged(let word): word.rawValue
        case .refused(let status, let error): error.map { "\(status) \($0)" } ?? "\(status)"
        case .unanswered(let reason): reason
        }
    }
}

/// One request to the shop and what the shop made of it.
struct ShopEvent: Sendable {
    enum Decision: Sendable {
        case accepted(previous: ShopNotification.Charge?)
        case duplicate
        case older(known: Int64)
        /// Trouble on demand.
        case failed
        /// Not taken as a notification, with a code.
        case refused(String)
    }

    /// Nil when the request was refused before it could be read.
    var notification: ShopNotification?
    var decision: Decision
    /// The answer's status code.
    var status: Int
    /// Which attempt at this notification, from 1; counted from the shop's start. 0 for what was refused.
    var attempt: Int
}

extension ShopEvent.Decision {
    /// `accepted`, `duplicate`, `older`, `failed` or `refused`.
    var word: String {
        switch self {
        case .accepted: "accepted"
        case .duplicate: "duplicate"
        case .older: "older"
        case .failed: "failed"
        case .refused: "refused"
        }
    }

    /// The code in the answer to what was not taken, else nil.
    var error: String? {
        switch self {
        case .accepted, .duplicate, .older: nil
        case .failed: "trouble_on_demand"
        case .refused(let code): code
        }
    }

    var code: String { error ?? word }
}

/// What the consumer does on the wallet page.
package enum WalletDecision: Sendable, Equatable {
    case approve
    case decline
    /// Goes back to the shop without deciding.
    case abandon
    /// Types a code in (MULTI_FACTOR).
    case code(String)

    /// The only right code.
    static let rightCode = "123"

    /// From the page's form, `decision=approve` or `decision=approve&code=123`; nil when it is none.
    init?(form: [UInt8]) {
        var fields: [String: String] = [:]
        for pair in String(decoding: form, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            fields[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        }
        switch fields["decision"] {
        case "approve": self = fields["code"].map { .code($0) } ?? .approve
        case "decline": self = .decline
        case "abandon": self = .abandon
        default: return nil
        }
    }
}

/// What comes of it.
enum WalletOutcome: Sendable, Equatable {
    /// The browser goes on: to the shop, or where it has none to go to, to the page again.
    case goOn(String)
    /// The code is wrong; the page is shown again and says so.
    case wrongCode
}

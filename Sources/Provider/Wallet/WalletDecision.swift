internal import PaymentCore

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

extension WalletDecision {
    /// Whether it is what has become of a charge that does not wait for the consumer any more.
    func isMet(by charge: ProviderCharge) -> Bool {
        let isDeclined = charge.status == .failed && charge.failure == .canceledByConsumer
        let isExpired = charge.status == .discarded || charge.status == .discardProcessing
        return switch self {
        case .abandon: true
        case .decline: isDeclined
        case .approve, .code: !isDeclined && !isExpired
        }
    }
}

/// What comes of it.
enum WalletOutcome: Sendable, Equatable {
    /// The browser goes on: to the shop, or where it has none to go to, to the page again.
    case goOn(String)
    /// The code is wrong; the page is shown again and says so.
    case wrongCode
    /// Something else has become of the charge before; the page says what.
    case tooLate
}

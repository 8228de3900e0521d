import EventStore
import PaymentCore

/// What alarms say to people.
extension AlarmKind {
    /// What is wrong, in a few words after the charges and their money.
    var problem: String {
        switch self {
        case .untold: "paid, but the shop does not know"
        case .overdue: "open for longer than it can be"
        case .silence: "open, and no webhook comes"
        case .capturedDiffers: "captured differs from authorized"
        case .refundedAfterChargeback: "refunded after a chargeback: the money may have left twice"
        case .methodCannot: "the payment method cannot do what was done"
        case .anomaly: "events contradict each other"
        }
    }

    static let silenceRemedy = "terima reconcile --open"
}

extension AlarmRow {
    /// What is wrong with this charge.
    var problem: String {
        switch kind {
        case .untold: "paid, but unknown to \(endpoints?.split(separator: ",").joined(separator: " and ") ?? "the shop")"
        case .overdue: "\(status) for longer than \(isPending ? (paymentMethod ?? "its payment method") + " allows" : "such a status lasts")"
        case .methodCannot: "\(paymentMethod ?? "the payment method") cannot do what was done"
        case .silence, .capturedDiffers, .refundedAfterChargeback, .anomaly: kind.problem
        }
    }

    /// The command that helps.
    var remedy: String {
        switch kind {
        case .untold: isDead ? "terima replay --charge \(charge)" : "terima deliveries list --charge \(charge)"
        case .overdue, .anomaly: "terima reconcile --charge \(charge)"
        case .capturedDiffers, .methodCannot: "terima charges show --remote \(charge)"
        case .refundedAfterChargeback: "terima charges show \(charge)"
        case .silence: AlarmKind.silenceRemedy
        }
    }

    /// Whether it is the consumer or the provider that it waits for, not PPRO itself.
    private var isPending: Bool { !status.hasSuffix("_PROCESSING") }

    /// The money concerned; nil when no event named an amount.
    var money: Money? { currency.map { Money(value: amount, currency: $0) } }
}

import EventStore
import PaymentCore

/// What alarms say to people.
extension AlarmKind {
    /// What is wrong, in a few words after the charges and their money.
    var problem: String {
        switch self {
        case .untold: "paid, but an endpoint does not know"
        case .overdue: "open for longer than the payment method allows"
        case .silence: "open, and no webhook comes: does PPRO reach the receiver?"
        case .capturedDiffers: "the captured sum does not fit the others"
        case .refundedAfterChargeback: "refunded after a chargeback: it may have left twice"
        case .methodCannot: "the payment method cannot do what was done"
        case .anomaly: "events contradict each other"
        }
    }
}

extension AlarmSum {
    /// The command that helps, or shows what it is about.
    func remedy(asksPPRO: Bool) -> String {
        guard kind == .silence else { return "terima alarms --kind \(kind.rawValue)" }
        return asksPPRO ? "terima reconcile --open" : "terima charges list --state pending"
    }
}

extension AlarmRow {
    /// What is wrong with this charge.
    var problem: String {
        switch kind {
        case .untold: "paid, but unknown to \(endpoints?.split(separator: ",").joined(separator: " and ") ?? "the shop")"
        case .overdue: "\(status) for longer than \(isPending ? (paymentMethod ?? "its payment method") + " allows" : "such a status lasts")"
        case .methodCannot: "refunded, voided, charged back or in a currency as \(paymentMethod ?? "the payment method") cannot be"
        case .anomaly: "\(Count.text(Int64(anomalies), "event")) in contradiction"
        case .silence, .capturedDiffers, .refundedAfterChargeback: kind.problem
        }
    }

    /// The command that helps.
    func remedy(asksPPRO: Bool) -> String {
        switch kind {
        case .untold: isDead ? "terima replay --charge \(charge)" : "terima deliveries list --charge \(charge)"
        case .overdue where asksPPRO, .anomaly where asksPPRO: "terima reconcile --charge \(charge)"
        case .capturedDiffers where asksPPRO: "terima charges show --remote \(charge)"
        case .refundedAfterChargeback, .overdue, .anomaly, .capturedDiffers, .methodCannot, .silence: "terima charges show \(charge)"
        }
    }

    /// Whether it is the consumer or the provider that it waits for, not PPRO itself.
    private var isPending: Bool { !status.hasSuffix("_PROCESSING") }

    /// The money concerned; nil when no event named an amount.
    var money: Money? { currency.map { Money(value: amount, currency: $0) } }
}

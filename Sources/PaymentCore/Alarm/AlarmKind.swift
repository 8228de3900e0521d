/// What an operator is warned of because money may be wrong, the most urgent first. Each is documented by what ends it.
package enum AlarmKind: String, Sendable, CaseIterable {
    /// Paid at PPRO, and an endpoint of the shop's was not told for longer than the operator allows. Ends when it was told, of this or a later state.
    case untold
    /// Pending longer than the payment method allows, or in a PROCESSING status for longer than such a status lasts. Ends when the charge moves on.
    case overdue
    /// No webhook came for longer than the operator allows while charges are open: about all of them, not about one. Ends with the next webhook, when PPRO's
    /// API says that there is nothing new, or when nothing is open that is not overdue.
    case silence
    /// What was captured is not what was authorized, less what was voided, for longer than a webhook may be late; or less than what was refunded; or something,
    /// although the charge was canceled or failed. Ends when the sums fit.
    case capturedDiffers = "captured_differs"
    /// Refunded after a chargeback had taken money back already: it may have left twice. Nothing ends it but an operator.
    case refundedAfterChargeback = "refunded_after_chargeback"
    /// The payment method cannot do what was done: a refund, a void or a chargeback of Jenius Pay, or another currency. Ends when PPRO's API says otherwise.
    case methodCannot = "method_cannot"
    /// Events contradict each other. Ends when an answer of PPRO's API explains them.
    case anomaly

    /// Those that the events of a charge tell by themselves, at whatever time one looks.
    package static let ofCharge: [AlarmKind] = [.capturedDiffers, .refundedAfterChargeback, .methodCannot, .anomaly]
}

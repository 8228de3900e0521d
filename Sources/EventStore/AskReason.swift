/// Why PPRO is to be asked about a charge; the words of `charge.ask_reason`.
package enum AskReason: String, Sendable, CaseIterable {
    /// A webhook contradicts what was known.
    case anomaly
    /// Pending longer than the payment method allows.
    case pending
    /// A PROCESSING status lasts.
    case processing
    /// terima was down while the charge was open.
    case downtime
    /// Somebody said so.
    case `operator`
}

/// A charge whose turn it is to be asked about.
package struct DueAsk: Sendable, Equatable {
    package var charge: String
    package var reason: AskReason
}

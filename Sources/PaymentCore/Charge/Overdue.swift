/// When a charge that should have moved on by itself gives reason to doubt what we know of it.
package struct Overdue: Sendable, Equatable {
    package enum Reason: String, Sendable, CaseIterable {
        /// Pending longer than the payment method allows.
        case pending
        /// A PROCESSING status, which is short by nature, lasts.
        case processing
    }

    /// From this moment on it is overdue.
    package var at: Instant
    package var reason: Reason

    package init(at: Instant, reason: Reason) {
        self.at = at
        self.reason = reason
    }

    /// PROCESSING statuses last seconds; this is our choice of when to ask.
    package static let processingLimitMilliseconds: Int64 = 10 * 60_000
}

extension Charge {
    /// Nil for a charge that may rest where it is: final ones, captured ones, and those that wait for the merchant.
    package var overdue: Overdue? {
        switch status {
        case .authorizationProcessing, .captureProcessing, .refundProcessing, .voidProcessing, .discardProcessing:
            Overdue(at: updatedAt.advanced(byMilliseconds: Overdue.processingLimitMilliseconds), reason: .processing)
        default:
            status.result == .pending
                ? Overdue(at: createdAt.advanced(byMilliseconds: PaymentMethodRules.pendingLimitMilliseconds(method: paymentMethod)), reason: .pending)
                : nil
        }
    }
}

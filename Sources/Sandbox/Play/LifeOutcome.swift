/// How a Jenius Pay payment ends. It has no separate captures and no refunds, so these three are all its lives.
enum LifeOutcome: String, CaseIterable, Sendable {
    /// The consumer confirms and has the money.
    case paid
    /// The consumer confirms, the bank says no.
    case declined
    /// The consumer does not confirm within the six hours that Jenius Pay gives.
    case timeout

    /// The steps in the order in which they happen.
    var steps: [LifeStep] {
        switch self {
        case .paid: [.created, .authenticationPending, .authorizationSucceeded, .captureSucceeded]
        case .declined: [.created, .authenticationPending, .authorizationFailed]
        case .timeout: [.created, .authenticationPending, .discarded]
        }
    }
}

/// One event of a life; the raw value is PPRO's type.
enum LifeStep: String, Sendable {
    case created = "PAYMENT_CHARGE_CREATED"
    case authenticationPending = "PAYMENT_CHARGE_AUTHENTICATION_PENDING"
    case authorizationSucceeded = "PAYMENT_CHARGE_AUTHORIZATION_SUCCEEDED"
    case authorizationFailed = "PAYMENT_CHARGE_AUTHORIZATION_FAILED"
    case captureSucceeded = "PAYMENT_CHARGE_CAPTURE_SUCCEEDED"
    case discarded = "PAYMENT_CHARGE_DISCARDED"

    /// `paymentChargeStatus` at that moment.
    var status: String {
        switch self {
        case .created: "AUTHORIZATION_PROCESSING"
        case .authenticationPending: "AUTHENTICATION_PENDING"
        case .authorizationSucceeded: "CAPTURE_PROCESSING"
        case .authorizationFailed: "FAILED"
        case .captureSucceeded: "CAPTURED"
        case .discarded: "DISCARDED"
        }
    }
}

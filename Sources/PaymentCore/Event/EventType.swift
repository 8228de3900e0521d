/// The 30 event types that PPRO publishes, and two that older accounts still send. Any other word is legal too: it is stored and passed on.
package enum EventType: String, Sendable, CaseIterable {
    case chargeCreated = "PAYMENT_CHARGE_CREATED"
    case chargeAuthenticationPending = "PAYMENT_CHARGE_AUTHENTICATION_PENDING"
    case chargeProviderConfirmationPending = "PAYMENT_CHARGE_PROVIDER_CONFIRMATION_PENDING"
    case chargeAuthorizationSucceeded = "PAYMENT_CHARGE_AUTHORIZATION_SUCCEEDED"
    case chargeAuthorizationFailed = "PAYMENT_CHARGE_AUTHORIZATION_FAILED"
    case chargeDiscardFailed = "PAYMENT_CHARGE_DISCARD_FAILED"
    case chargeDiscarded = "PAYMENT_CHARGE_DISCARDED"
    case chargeVoidFailed = "PAYMENT_CHARGE_VOID_FAILED"
    case chargeVoidSucceeded = "PAYMENT_CHARGE_VOID_SUCCEEDED"
    case chargeCaptureFailed = "PAYMENT_CHARGE_CAPTURE_FAILED"
    case chargeCaptureSucceeded = "PAYMENT_CHARGE_CAPTURE_SUCCEEDED"
    case chargeRefundPending = "PAYMENT_CHARGE_REFUND_PENDING"
    case chargeRefundFailed = "PAYMENT_CHARGE_REFUND_FAILED"
    case chargeRefundSucceeded = "PAYMENT_CHARGE_REFUND_SUCCEEDED"

    case fundsStateChanged = "FUNDS_STATE_CHANGED"
    case chargebackSucceeded = "CHARGEBACK_SUCCEEDED"

    case agreementCreated = "PAYMENT_AGREEMENT_CREATED"
    case agreementAuthenticationPending = "PAYMENT_AGREEMENT_AUTHENTICATION_PENDING"
    case agreementActive = "PAYMENT_AGREEMENT_ACTIVE"
    case agreementUpdated = "PAYMENT_AGREEMENT_UPDATED"
    case agreementFailed = "PAYMENT_AGREEMENT_FAILED"
    case agreementRevokedByConsumer = "PAYMENT_AGREEMENT_REVOKED_BY_CONSUMER"
    case agreementRevokedByMerchant = "PAYMENT_AGREEMENT_REVOKED_BY_MERCHANT"
    case agreementRevokedByProvider = "PAYMENT_AGREEMENT_REVOKED_BY_PROVIDER"

    case instrumentCreated = "PAYMENT_INSTRUMENT_CREATED"
    case instrumentDetailsUpdated = "PAYMENT_INSTRUMENT_DETAILS_UPDATED"
    case instrumentDeleted = "PAYMENT_INSTRUMENT_DELETED"

    case reportProcessed = "REPORT_PROCESSED"
    case reportFailed = "REPORT_FAILED"
    case reportExpired = "REPORT_EXPIRED"

    /// Unpublished, from older accounts: names no operation, so it moves the status only.
    case chargeFailed = "PAYMENT_CHARGE_FAILED"
    /// Unpublished, from older accounts: names no operation, so it moves the status only.
    case chargeSuccess = "PAYMENT_CHARGE_SUCCESS"

    /// The type of exactly these bytes; nil for any other word.
    package init?(_ word: String) {
        guard let type = Self.words[word] else { return nil }
        self = type
    }

    private static let words = KnownWords<EventType>()

    /// What an event of a type is about; words that are no known type are `.other`.
    package static func kind(of word: String) -> EventKind { EventType(word)?.kind ?? .other }

    package var kind: EventKind {
        switch self {
        case .chargeCreated, .chargeAuthenticationPending, .chargeProviderConfirmationPending, .chargeAuthorizationSucceeded, .chargeAuthorizationFailed,
            .chargeDiscardFailed, .chargeDiscarded, .chargeVoidFailed, .chargeVoidSucceeded, .chargeCaptureFailed, .chargeCaptureSucceeded,
            .chargeRefundPending, .chargeRefundFailed, .chargeRefundSucceeded, .fundsStateChanged, .chargebackSucceeded, .chargeFailed, .chargeSuccess:
            .charge
        case .agreementCreated, .agreementAuthenticationPending, .agreementActive, .agreementUpdated, .agreementFailed, .agreementRevokedByConsumer,
            .agreementRevokedByMerchant, .agreementRevokedByProvider:
            .agreement
        case .instrumentCreated, .instrumentDetailsUpdated, .instrumentDeleted, .reportProcessed, .reportFailed, .reportExpired:
            .other
        }
    }

    /// Place in a charge's life, which orders events of the same millisecond: 0 … 13, and `lastRank` for all types outside that life.
    package var rank: Int {
        switch self {
        case .chargeCreated: 0
        case .chargeAuthenticationPending: 1
        case .chargeProviderConfirmationPending: 2
        case .chargeAuthorizationSucceeded: 3
        case .chargeAuthorizationFailed: 4
        case .chargeDiscardFailed: 5
        case .chargeDiscarded: 6
        case .chargeVoidFailed: 7
        case .chargeVoidSucceeded: 8
        case .chargeCaptureFailed: 9
        case .chargeCaptureSucceeded: 10
        case .chargeRefundPending: 11
        case .chargeRefundFailed: 12
        case .chargeRefundSucceeded: 13
        default: Self.lastRank
        }
    }

    package static let lastRank = 14

    /// The rank of any word; a word that is no known type ranks last.
    package static func rank(of word: String) -> Int { EventType(word)?.rank ?? lastRank }

    /// The operation that the type reports on and how it stands after it; nil for types that change no operation.
    package var operation: (kind: OperationFact.Kind, state: OperationFact.State)? {
        switch self {
        case .chargeAuthenticationPending, .chargeProviderConfirmationPending: (.authorization, .pending)
        case .chargeAuthorizationSucceeded: (.authorization, .succeeded)
        case .chargeAuthorizationFailed: (.authorization, .failed)
        case .chargeDiscarded: (.authorization, .discarded)
        case .chargeCaptureSucceeded: (.capture, .succeeded)
        case .chargeCaptureFailed: (.capture, .failed)
        case .chargeRefundPending: (.refund, .pending)
        case .chargeRefundSucceeded: (.refund, .succeeded)
        case .chargeRefundFailed: (.refund, .failed)
        case .chargeVoidSucceeded: (.void, .succeeded)
        case .chargeVoidFailed: (.void, .failed)
        case .chargebackSucceeded: (.chargeback, .succeeded)
        default: nil
        }
    }
}

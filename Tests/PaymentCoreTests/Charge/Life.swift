import PaymentCore

/// One event of a charge, in short: `event(1, 1000, .chargeCaptureSucceeded, "CAPTURED", "capture_1", 500)`.
func event(
    _ seq: Int64, _ time: Int64, _ type: EventType, _ status: String?, _ operation: String? = nil, _ value: Int64? = nil, currency: String = "IDR",
    failure: String? = nil, id: String? = nil
) -> ChargeEvent {
    var facts = EventFacts(type: type.rawValue, subject: "charge_1", time: Instant(milliseconds: time), kind: type.kind)
    facts.status = status
    facts.operation = type.operation.map { OperationFact(kind: $0.kind, id: operation, state: $0.state) }
    facts.amount = value.map { Money(value: $0, currency: currency) }
    facts.failureCode = failure
    return ChargeEvent(seq: seq, id: id ?? "evt-\(seq)", facts: facts)
}

/// Short lives as they happen, each in order and with its end; every permutation of them is tried.
struct Life: Sendable {
    var name: String
    var events: [ChargeEvent]
    var status: ChargeStatus
    var result: ChargeResult
    var authorized: Int64 = 0
    var captured: Int64 = 0
    var refunded: Int64 = 0
    var voided: Int64 = 0
    var chargedBack: Int64 = 0
    var anomalies = 0

    static let all: [Life] = [
        Life(
            name: "Jenius Pay, paid",
            events: [
                event(1, 0, .chargeCreated, "AUTHORIZATION_PROCESSING", nil, 1_000_000),
                event(2, 10, .chargeAuthenticationPending, "AUTHENTICATION_PENDING", "authz_1", 1_000_000),
                event(3, 20, .chargeAuthorizationSucceeded, "CAPTURE_PROCESSING", "authz_1", 1_000_000),
                event(4, 20, .chargeCaptureSucceeded, "CAPTURED", "capture_1", 1_000_000),
                event(5, 90, .fundsStateChanged, "CAPTURED"),
            ], status: .captured, result: .paid, authorized: 1_000_000, captured: 1_000_000),
        Life(
            name: "declined",
            events: [
                event(1, 0, .chargeCreated, "AUTHORIZATION_PROCESSING", nil, 1_000_000),
                event(2, 10, .chargeAuthenticationPending, "AUTHENTICATION_PENDING", "authz_1", 1_000_000),
                event(3, 20, .chargeAuthorizationFailed, "FAILED", "authz_1", 1_000_000, failure: "INSUFFICIENT_FUNDS"),
            ], status: .failed, result: .failed),
        Life(
            name: "timed out",
            events: [
                event(1, 0, .chargeCreated, "AUTHORIZATION_PROCESSING", nil, 1_000_000),
                event(2, 10, .chargeAuthenticationPending, "AUTHENTICATION_PENDING", "authz_1", 1_000_000),
                event(3, 30, .chargeDiscardFailed, "AUTHENTICATION_PENDING", "authz_1", 1_000_000, failure: "INTERNAL"),
                event(4, 21_600_010, .chargeDiscarded, "DISCARDED", "authz_1", 1_000_000),
            ], status: .discarded, result: .canceled),
        Life(
            name: "captured in two parts, one refunded after a failure",
            events: [
                event(1, 0, .chargeAuthorizationSucceeded, "CAPTURE_PENDING", "authz_1", 900),
                event(2, 10, .chargeCaptureSucceeded, "CAPTURE_PENDING", "capture_1", 400),
                event(3, 20, .chargeCaptureSucceeded, "CAPTURED", "capture_2", 500),
                event(4, 30, .chargeRefundPending, "REFUND_PROCESSING", "refund_1", 400),
                event(5, 40, .chargeRefundFailed, "CAPTURED", "refund_1", 400, failure: "PROVIDER_ERROR"),
                event(6, 50, .chargeRefundSucceeded, "CAPTURED", "refund_2", 400),
            ], status: .captured, result: .paid, authorized: 900, captured: 900, refunded: 400),
        Life(
            name: "voided in parts",
            events: [
                event(1, 0, .chargeCreated, "AUTHORIZATION_PROCESSING", nil, 900),
                event(2, 10, .chargeProviderConfirmationPending, "AUTHORIZATION_ASYNC", "authz_1", 900),
                event(3, 20, .chargeAuthorizationSucceeded, "CAPTURE_PENDING", "authz_1", 900),
                event(4, 30, .chargeVoidFailed, "CAPTURE_PENDING", "void_1", 300),
                event(5, 40, .chargeVoidSucceeded, "VOID_PROCESSING", "void_1", 300),
                event(6, 50, .chargeVoidSucceeded, "VOIDED", "void_2", 600),
            ], status: .voided, result: .canceled, authorized: 900, voided: 900),
        Life(
            name: "all in one millisecond, then charged back twice",
            events: [
                event(1, 7, .chargeCreated, "AUTHORIZATION_PROCESSING", nil, 100),
                event(2, 7, .chargeAuthorizationSucceeded, "CAPTURE_PROCESSING", "authz_1", 100),
                event(3, 7, .chargeCaptureSucceeded, "CAPTURED", "capture_1", 100),
                event(4, 7, .chargeRefundSucceeded, "REFUNDED", "refund_1", 100),
                event(5, 7, .chargebackSucceeded, nil, nil, 60),
                event(6, 7, .chargebackSucceeded, nil, nil, 40),
            ], status: .refunded, result: .refunded, authorized: 100, captured: 100, refunded: 100, chargedBack: 100),
        Life(
            name: "contradictory",
            events: [
                event(1, 0, .chargeCaptureSucceeded, "CAPTURED", "capture_1", 100),
                event(2, 10, .chargeAuthenticationPending, "AUTHENTICATION_PENDING", "authz_1", 100),
                event(3, 20, .chargeCaptureSucceeded, "CAPTURED", "capture_2", 100, currency: "USD"),
                event(4, 30, .fundsStateChanged, "ON_HOLD"),
                event(5, 40, .chargeRefundSucceeded, "REFUNDED", "refund_1", -100),
                event(6, 50, .chargeFailed, "DECLINED"),
            ], status: .refunded, result: .refunded, captured: 100, anomalies: 5),
    ]
}

/// Every order of the elements; 720 for six.
func permutations<Element>(_ elements: [Element]) -> [[Element]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { index in
        var rest = elements
        let first = rest.remove(at: index)
        return permutations(rest).map { [first] + $0 }
    }
}

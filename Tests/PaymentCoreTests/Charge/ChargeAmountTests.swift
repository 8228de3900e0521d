import PaymentCore
import Testing

/// What a charge says is to be paid.
@Suite struct ChargeAmountTests {
    private func amount(_ events: ChargeEvent...) -> Int64? { Charge.fold(id: "charge_1", events: events)?.state.amount }

    @Test func itIsTheFirstAmountOfThePaymentOrItsAuthorization() {
        #expect(amount(event(1, 0, .chargeCreated, nil, nil, 500), event(2, 10, .chargeAuthorizationSucceeded, nil, "authz_1", 400)) == 500)
        #expect(amount(event(2, 10, .chargeAuthenticationPending, nil, "authz_1", 400), event(1, 20, .chargeCreated, nil, nil, 500)) == 400)
        #expect(amount(event(1, 0, .chargeCreated, nil), event(2, 10, .chargeAuthorizationFailed, nil, "authz_1", 400)) == 400)
    }

    @Test func operationsOnThePaymentDoNotTellIt() {
        #expect(amount(event(1, 0, .chargeCaptureSucceeded, nil, "capture_1", 400)) == nil)
        #expect(amount(event(1, 0, .chargeRefundSucceeded, nil, "refund_1", 40), event(2, 10, .chargebackSucceeded, nil, nil, 30)) == nil)
        var funds = event(1, 0, .fundsStateChanged, nil, nil, 77)
        funds.facts.fundsState = "CAPTURE_FUNDS_RECEIVED"
        #expect(amount(funds) == nil)
    }

    @Test func whatCannotBeSummedIsNoAmount() {
        #expect(amount(event(1, 0, .chargeCreated, nil, nil, -5)) == nil)
        #expect(amount(event(1, 0, .chargeCaptureSucceeded, nil, "c", 5), event(2, 10, .chargeAuthorizationSucceeded, nil, "a", 9, currency: "USD")) == nil)
    }

    @Test func anAnswerOfPPROsTellsIt() {
        var answer = event(2, 10, .chargeCreated, "CAPTURED")
        answer.facts.type = Event.reconcileType
        answer.facts.snapshot = ChargeSnapshot(
            createdAt: Instant(milliseconds: 0), observedAt: Instant(milliseconds: 0), currency: "IDR",
            operations: [
                .init(fact: OperationFact(kind: .capture, id: "capture_1", state: .succeeded), amount: 3),
                .init(fact: OperationFact(kind: .authorization, id: "authz_1", state: .failed), amount: 600),
            ])
        #expect(amount(event(1, 0, .chargeCreated, nil, nil, 500), answer) == 600)
        answer.facts.snapshot?.operations = []
        #expect(amount(event(1, 0, .chargeCreated, nil, nil, 500), answer) == 500)
    }
}

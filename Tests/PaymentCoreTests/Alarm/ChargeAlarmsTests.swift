import PaymentCore
import Testing

/// Which alarms a charge's events raise by themselves, and about how much money.
@Suite struct ChargeAlarmsTests {
    private func charge(_ events: ChargeEvent..., method: String = "MOCK") throws -> Charge {
        var charge = try #require(Charge.fold(id: "charge_1", events: events)).state
        charge.paymentMethod = method
        return charge
    }

    private let authorized = event(1, 0, .chargeAuthorizationSucceeded, "CAPTURE_PENDING", "authz_1", 1_000)
    private let captured = event(2, 10, .chargeCaptureSucceeded, "CAPTURED", "capture_1", 1_000)

    @Test(arguments: Life.all.filter { $0.anomalies == 0 && $0.chargedBack == 0 })
    func anOrderlyLifeRaisesNone(_ life: Life) throws {
        #expect(try #require(Charge.fold(id: "charge_1", events: life.events)).state.alarms.isEmpty)
    }

    @Test func whatWasCapturedMustBeWhatWasAuthorized() throws {
        let part = event(2, 10, .chargeCaptureSucceeded, "CAPTURED", "capture_1", 400)
        #expect(try charge(authorized, part).alarms == [.capturedDiffers: 600])
        #expect(try charge(authorized, event(2, 10, .chargeCaptureSucceeded, "CAPTURED", "capture_1", 1_500)).alarms == [.capturedDiffers: 500])
        // The rest was voided; or is still to be captured; or nobody told of an authorization.
        #expect(try charge(authorized, event(2, 5, .chargeVoidSucceeded, "CAPTURE_PENDING", "void_1", 600), part).alarms.isEmpty)
        #expect(try charge(authorized, event(2, 10, .chargeCaptureSucceeded, "CAPTURE_PENDING", "capture_1", 400)).alarms.isEmpty)
        #expect(try charge(captured).alarms.isEmpty)
    }

    @Test func sumsThatCannotBeAreAlarmingWhateverTheStatus() throws {
        let back = event(3, 20, .chargeRefundSucceeded, "REFUNDED", "refund_1", 1_700)
        #expect(try charge(authorized, captured, back).alarms == [.capturedDiffers: 700])
        #expect(try charge(authorized, captured, event(3, 20, .fundsStateChanged, "FAILED")).alarms[.capturedDiffers] == nil)
        let failed = try charge(
            event(1, 0, .chargeAuthorizationSucceeded, "CAPTURE_PENDING", "authz_1", 1_000), event(2, 10, .chargeCaptureSucceeded, nil, "c", 300),
            event(3, 20, .chargeCaptureFailed, "FAILED", "d", 700))
        #expect(failed.alarms == [.capturedDiffers: 300])
        let voided = try charge(
            authorized, event(2, 10, .chargeCaptureSucceeded, "CAPTURE_PENDING", "c", 400), event(3, 20, .chargeVoidSucceeded, "VOIDED", "v", 600))
        #expect(voided.alarms == [.capturedDiffers: 400])
        // Old accounts tell that it is paid, and of no capture.
        #expect(try charge(authorized, event(2, 10, .chargeSuccess, "SUCCESS")).alarms.isEmpty)
    }

    /// PPRO says when a refund was made: its saying so late does not make the refund late.
    @Test(arguments: [(5, 0), (25, 700)] as [(Int64, Int64)]) func anAnswerTellsWhenARefundWas(at refunded: Int64, concerned: Int64) throws {
        var answer = event(4, 40, .chargeCreated, "REFUNDED")
        answer.facts.type = Event.reconcileType
        answer.facts.snapshot = ChargeSnapshot(
            createdAt: Instant(milliseconds: 0), observedAt: Instant(milliseconds: 50), currency: "IDR",
            operations: [
                .init(fact: OperationFact(kind: .authorization, id: "authz_1", state: .succeeded), amount: 1_000),
                .init(fact: OperationFact(kind: .capture, id: "capture_1", state: .succeeded), amount: 1_000),
                .init(fact: OperationFact(kind: .refund, id: "refund_1", state: .succeeded), amount: 700, at: Instant(milliseconds: refunded)),
            ])
        #expect(try charge(authorized, captured, event(3, 20, .chargebackSucceeded, nil, nil, 1_000), answer).refundedAfterChargeback == concerned)
    }

    @Test func aRefundAfterAChargebackIsAlarmingAndTheOtherWayRoundIsNot() throws {
        let back = event(3, 20, .chargebackSucceeded, nil, nil, 1_000)
        #expect(
            try charge(authorized, captured, back, event(4, 30, .chargeRefundSucceeded, "REFUNDED", "refund_1", 700)).alarms == [.refundedAfterChargeback: 700])
        #expect(try charge(authorized, captured, back, event(4, 15, .chargeRefundSucceeded, "REFUNDED", "refund_1", 700)).alarms.isEmpty)
        // Only what was refunded afterwards counts, and each refund once.
        let parts = [event(4, 15, .chargeRefundSucceeded, "CAPTURED", "refund_1", 300), event(5, 30, .chargeRefundSucceeded, "REFUNDED", "refund_2", 200)]
        #expect(
            try charge(authorized, captured, back, parts[0], parts[1], event(6, 40, .chargeRefundSucceeded, "REFUNDED", "refund_2", 200)).alarms == [
                .refundedAfterChargeback: 200
            ])
    }

    @Test func whatAMethodCannotDoIsAlarming() throws {
        let refunded = try charge(authorized, captured, event(3, 20, .chargeRefundSucceeded, "REFUNDED", "refund_1", 700), method: "JENIUS_PAY")
        #expect(refunded.alarms == [.methodCannot: 700])
        let announced = try charge(authorized, captured, event(3, 20, .chargeRefundPending, "REFUND_PROCESSING", "refund_1", 700), method: "JENIUS_PAY")
        #expect(announced.alarms == [.methodCannot: 1_000])
        #expect(try charge(authorized, event(3, 20, .chargeVoidSucceeded, "VOIDED", "void_1", 1_000), method: "JENIUS_PAY").alarms == [.methodCannot: 1_000])
        #expect(try charge(authorized, captured, event(3, 20, .chargebackSucceeded, nil, nil, 50), method: "JENIUS_PAY").alarms == [.methodCannot: 50])
        // A refund that failed moved nothing.
        let failed = try charge(authorized, captured, event(3, 20, .chargeRefundFailed, "CAPTURED", "refund_1", 700), method: "JENIUS_PAY")
        #expect(failed.alarms.isEmpty)
        let dollars = event(1, 0, .chargeCreated, "AUTHORIZATION_PROCESSING", nil, 99, currency: "USD")
        #expect(try charge(dollars, method: "JENIUS_PAY").alarms == [.methodCannot: 99])
        #expect(try charge(dollars).alarms.isEmpty)
    }

    @Test func anAnomalyConcernsAllThatIsAtStake() throws {
        let created = event(1, 0, .chargeCreated, "FAILED", nil, 1_000)
        let late = event(2, 10, .chargeAuthenticationPending, "AUTHENTICATION_PENDING", "authz_1", 1_000)
        #expect(try charge(created, late).alarms == [.anomaly: 1_000])
        #expect(try charge(authorized, captured, event(3, 20, .fundsStateChanged, "ON_HOLD")).alarms == [.anomaly: 1_000])
    }

    @Test func whatIsAtStakeIsTheLatestThatIsKnown() throws {
        #expect(try charge(event(1, 0, .chargebackSucceeded, nil)).amountAtStake == 0)
        #expect(try charge(event(1, 0, .chargeCreated, nil, nil, 7)).amountAtStake == 7)
        #expect(try charge(authorized).amountAtStake == 1_000)
        #expect(try charge(authorized, event(2, 10, .chargeCaptureSucceeded, nil, "capture_1", 400)).amountAtStake == 400)
    }

    @Test func sumsBeyondSixtyFourBitsStopThere() throws {
        var charge = try charge(authorized, captured, method: "JENIUS_PAY")
        (charge.refunded, charge.voided, charge.chargedBack) = (.max, .max, .max)
        #expect(charge.alarms[.methodCannot] == .max)
        (charge.authorized, charge.voided, charge.captured) = (1, .max, .max)
        #expect(charge.alarms[.capturedDiffers] == .max)
    }
}

import PaymentCore
import Testing

/// The rules of the fold one by one, where the lives do not show them.
@Suite struct ChargeFoldTests {
    private func fold(_ events: ChargeEvent...) throws -> Folded<Charge> { try #require(Charge.fold(id: "charge_1", events: events)) }

    @Test func noEventsAreNoCharge() {
        #expect(Charge.fold(id: "charge_1", events: []) == nil)
    }

    @Test func withoutAnyStatusItIsInTheInitialState() throws {
        let folded = try fold(event(1, 5, .chargebackSucceeded, nil, nil, 30))
        #expect(folded.state.status == .authorizationProcessing)
        #expect(folded.state.chargedBack == 30)
        #expect(folded.anomalous.isEmpty)
    }

    @Test func theFirstKnownWordIsTakenWhateverItIs() throws {
        #expect(try fold(event(1, 0, .chargebackSucceeded, nil), event(2, 1, .chargeRefundSucceeded, "REFUNDED", "r", 1)).state.status == .refunded)
    }

    @Test func anUnknownWordIsStoredAndFlaggedAndLeftAgain() throws {
        let hold = event(2, 1, .fundsStateChanged, "ON_HOLD")
        let held = try fold(event(1, 0, .chargeAuthorizationSucceeded, "CAPTURE_PENDING"), hold)
        #expect(held.state.status.word == "ON_HOLD")
        #expect(held.anomalous == [2])
        let reached = try fold(event(1, 0, .chargeAuthorizationSucceeded, "CAPTURE_PENDING"), hold, event(3, 2, .chargeCaptureSucceeded, "CAPTURED"))
        #expect(reached.state.status == .captured)
        #expect(reached.anomalous == [2])
        let same = try fold(event(1, 0, .chargeAuthorizationSucceeded, "CAPTURE_PENDING"), hold, event(3, 2, .chargeVoidFailed, "CAPTURE_PENDING"))
        #expect(same.state.status == .capturePending)
        #expect(same.anomalous == [2])
        let unreached = try fold(event(1, 0, .chargeCaptureSucceeded, "CAPTURED"), hold, event(3, 2, .chargeVoidSucceeded, "VOIDED"))
        #expect(unreached.state.status.word == "ON_HOLD")
        #expect(unreached.anomalous == [2, 3])
        let first = try fold(hold, event(3, 2, .chargeVoidSucceeded, "VOIDED"))
        #expect(first.state.status == .voided)
        #expect(first.anomalous == [2])
        let twice = try fold(hold, event(3, 2, .fundsStateChanged, "ON_HOLD"))
        #expect(twice.anomalous == [2, 3])
        #expect(twice.state.anomalies == 2)
    }

    @Test func aFinalStatusIsNotLeftEvenForAnUnknownWord() throws {
        let folded = try fold(event(1, 0, .chargeVoidSucceeded, "VOIDED"), event(2, 1, .fundsStateChanged, "ON_HOLD"))
        #expect(folded.state.status == .voided)
        #expect(folded.anomalous == [2])
    }

    @Test func aPendingEventNeverReopensAnOperation() throws {
        let refunded = try fold(event(1, 0, .chargeRefundSucceeded, nil, "r", 70), event(2, 1, .chargeRefundPending, nil, "r", 10))
        #expect(refunded.state.refunded == 70)
        let failed = try fold(
            event(1, 0, .chargeRefundFailed, nil, "r", 70), event(2, 1, .chargeRefundPending, nil, "r", 10), event(3, 2, .chargeRefundPending, nil, "s", 10))
        #expect(failed.state.refunded == 0)
    }

    @Test func theLastEventOfAnOperationDecidesItsStateAndAmount() throws {
        #expect(try fold(event(1, 0, .chargeCaptureSucceeded, nil, "c", 70), event(2, 1, .chargeCaptureSucceeded, nil, "c", 50)).state.captured == 50)
        #expect(try fold(event(1, 0, .chargeCaptureSucceeded, nil, "c", 70), event(2, 1, .chargeCaptureFailed, nil, "c", 70)).state.captured == 0)
        #expect(try fold(event(1, 0, .chargeCaptureFailed, nil, "c", 70), event(2, 1, .chargeCaptureSucceeded, nil, "c", 60)).state.captured == 60)
        #expect(try fold(event(1, 0, .chargeRefundPending, nil, "r", 70), event(2, 1, .chargeRefundSucceeded, nil, "r")).state.refunded == 70)
        #expect(try fold(event(1, 0, .chargeAuthorizationSucceeded, nil, "a", 70), event(2, 1, .chargeDiscarded, nil, "a", 70)).state.authorized == 0)
        #expect(try fold(event(1, 0, .chargeAuthorizationSucceeded, nil, "a", 70), event(2, 1, .chargeDiscardFailed, nil, "a", 70)).state.authorized == 70)
    }

    @Test func operationsAreToldApartByKindAndIdBytes() throws {
        let folded = try fold(
            event(1, 0, .chargeCaptureSucceeded, nil, "caf\u{E9}", 1), event(2, 0, .chargeCaptureSucceeded, nil, "cafe\u{301}", 2),
            event(3, 0, .chargeCaptureSucceeded, nil, nil, 4), event(4, 0, .chargeCaptureSucceeded, nil, nil, 8),
            event(5, 0, .chargeCaptureSucceeded, nil, "", 16), event(6, 0, .chargeVoidSucceeded, nil, "caf\u{E9}", 32))
        #expect(folded.state.captured == 1 + 2 + 8 + 16)
        #expect(folded.state.voided == 32)
    }

    @Test func amountsThatCannotBeSummedAreFlagged() throws {
        let mixed = try fold(
            event(1, 0, .chargeCreated, nil, nil, 100), event(2, 1, .chargeCaptureSucceeded, nil, "c", 100, currency: "USD"),
            event(3, 2, .chargeCaptureSucceeded, nil, "d", -1), event(4, 3, .chargeCaptureSucceeded, nil, "e", 40))
        #expect(mixed.state.currency == "IDR")
        #expect(mixed.state.captured == 40)
        #expect(mixed.anomalous == [2, 3])
        let full = try fold(
            event(1, 0, .chargeCaptureSucceeded, nil, "c", .max), event(2, 1, .chargeCaptureSucceeded, nil, "d", 0),
            event(3, 2, .chargeCaptureSucceeded, nil, "e", 1),
            event(4, 3, .chargeCaptureSucceeded, nil, "c", 5))
        #expect(full.state.captured == 6)
        #expect(full.anomalous == [3])
        let over = try fold(event(1, 0, .chargeRefundSucceeded, nil, "c", .max), event(2, 1, .chargeRefundSucceeded, nil, "d", .max))
        #expect(over.state.refunded == .max)
        #expect(over.anomalous == [2])
    }

    @Test func anAnomalysOtherFieldsStillCount() throws {
        let folded = try fold(event(1, 0, .chargeVoidSucceeded, "VOIDED", "v", 5), event(2, 1, .chargeCaptureSucceeded, "CAPTURED", "c", 7))
        #expect(folded.state.status == .voided)
        #expect(folded.state.captured == 7)
        #expect(folded.state.anomalies == 1)
    }

    @Test func failureCodeIsClearedByALaterSuccess() throws {
        let failed = event(1, 0, .chargeCaptureFailed, nil, "c", 5, failure: "PROVIDER_ERROR")
        #expect(try fold(failed).state.failureCode == "PROVIDER_ERROR")
        #expect(try fold(failed, event(2, 1, .fundsStateChanged, nil)).state.failureCode == "PROVIDER_ERROR")
        #expect(try fold(failed, event(2, 1, .chargeCaptureSucceeded, nil, "d", 5)).state.failureCode == nil)
        #expect(try fold(failed, event(2, -1, .chargeAuthorizationSucceeded, nil, "a", 5)).state.failureCode == "PROVIDER_ERROR")
    }

    @Test func descriptiveFieldsAreTheLastNamed() throws {
        var first = event(1, 0, .chargeCreated, nil)
        first.facts.paymentMethod = "IDEAL"
        first.facts.merchantId = "merch-1"
        first.facts.merchantReference = "pay-1"
        first.facts.orderReferenceNumber = "order-1"
        first.facts.fundsState = "CAPTURE_FUNDS_WAITING"
        var second = event(2, 1, .fundsStateChanged, nil)
        second.facts.paymentMethod = "JENIUS_PAY"
        second.facts.fundsState = "CAPTURE_FUNDS_RECEIVED"
        let silent = event(3, 2, .chargebackSucceeded, nil)
        let charge = try fold(silent, second, first).state
        #expect(charge.paymentMethod == "JENIUS_PAY")
        #expect(charge.merchantId == "merch-1")
        #expect(charge.merchantPaymentChargeReference == "pay-1")
        #expect(charge.orderReferenceNumber == "order-1")
        #expect(charge.fundsState == "CAPTURE_FUNDS_RECEIVED")
    }

    @Test func timesAreThoseOfTheFirstEventAndOfTheLastChange() throws {
        let charge = try fold(
            event(3, 30, .chargeDiscardFailed, "AUTHENTICATION_PENDING"), event(2, 20, .chargeAuthenticationPending, "AUTHENTICATION_PENDING"),
            event(1, 10, .chargeCreated, "AUTHORIZATION_PROCESSING")
        ).state
        #expect(charge.createdAt == Instant(milliseconds: 10))
        #expect(charge.updatedAt == Instant(milliseconds: 20))
        let anomalous = try fold(event(1, 10, .chargeVoidSucceeded, "VOIDED"), event(2, 20, .chargeCaptureFailed, "CAPTURE_PENDING")).state
        #expect(anomalous.updatedAt == Instant(milliseconds: 20))
    }

    @Test func twoSourcesMayUseOneIdAndBothCount() throws {
        let (a, b) = (event(1, 0, .chargeCaptureSucceeded, nil, "c", 5, id: "evt"), event(2, 0, .chargeCaptureSucceeded, nil, "d", 7, id: "evt"))
        #expect(try fold(a, b).state.captured == 12)
        #expect(try fold(a, b) == fold(b, a))
        // Of one operation, in one millisecond, under one id: what the events say decides which is last, not which arrived first.
        let (c, d) = (event(1, 0, .chargeCaptureSucceeded, nil, "c", 5, id: "evt"), event(2, 0, .chargeCaptureSucceeded, nil, "c", 7, id: "evt"))
        let (e, f) = (event(2, 0, .chargeCaptureSucceeded, nil, "c", 5, id: "evt"), event(1, 0, .chargeCaptureSucceeded, nil, "c", 7, id: "evt"))
        #expect(try fold(c, d).state == fold(e, f).state)
        #expect(try fold(c, d).state.captured == 7)
    }
}

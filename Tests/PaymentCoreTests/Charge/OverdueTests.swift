import PaymentCore
import Testing

@Suite struct OverdueTests {
    private func charge(_ status: String, method: String? = nil) -> Charge {
        var charge = Charge(
            id: "charge_1", status: ChargeStatus(status), createdAt: Instant(milliseconds: 1_000), updatedAt: Instant(milliseconds: 5_000))
        charge.paymentMethod = method
        return charge
    }

    @Test(arguments: ["AUTHENTICATION_PENDING", "AUTHORIZATION_ASYNC", "ON_HOLD"])
    func pendingLastsAsLongAsTheMethodAllows(status: String) {
        #expect(charge(status, method: "JENIUS_PAY").overdue == Overdue(at: Instant(milliseconds: 1_000 + 6 * 3_600_000), reason: .pending))
        #expect(charge(status, method: "IDEAL").overdue == Overdue(at: Instant(milliseconds: 1_000 + 24 * 3_600_000), reason: .pending))
        #expect(charge(status).overdue == charge(status, method: "IDEAL").overdue)
    }

    @Test(arguments: ["AUTHORIZATION_PROCESSING", "CAPTURE_PROCESSING", "REFUND_PROCESSING", "VOID_PROCESSING", "DISCARD_PROCESSING"])
    func processingLastsTenMinutes(status: String) {
        #expect(charge(status, method: "JENIUS_PAY").overdue == Overdue(at: Instant(milliseconds: 5_000 + 600_000), reason: .processing))
    }

    @Test(arguments: ["CAPTURE_PENDING", "CAPTURED", "REFUNDED", "VOIDED", "DISCARDED", "FAILED"])
    func theOthersMayRest(status: String) { #expect(charge(status).overdue == nil) }

    @Test func everyPublishedStatusIsThought() {
        let resting = ChargeStatus.allKnown.filter { charge($0.word).overdue == nil }.map(\.word)
        #expect(resting == ["CAPTURE_PENDING", "CAPTURED", "REFUNDED", "VOIDED", "DISCARDED", "FAILED"])
    }
}

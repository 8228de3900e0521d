import PaymentCore
import Testing

@testable import Sandbox

@Suite struct OrderStoryTests {
    private func read(_ notification: Notification) throws -> ShopNotification {
        try #require(ShopNotification(id: notification.id, body: notification.body))
    }

    @Test(arguments: [
        ("AUTHORIZATION_PROCESSING", "The payment was started."),
        ("AUTHENTICATION_PENDING", "Waiting for the customer to confirm in Jenius Pay."),
        ("CAPTURE_PROCESSING", "Confirmed; IDR 10,000.00 is on its way."),
        ("CAPTURED", "PAID: IDR 10,000.00. Ship it."),
        ("DISCARDED", "CANCELED: nobody confirmed in time, no money moved. The goods are free again."),
        ("FAILED", "DECLINED: no money moved. The goods are free again."),
        ("ODD_WORD", "PPRO's status is ODD_WORD, a word this shop does not know (pending): left as it is."),
    ]) func aNewStatusIsToldInPlainWords(status: String, sentence: String) throws {
        let notification = try read(Sent.charge(status, version: 2, previous: "REFUNDED"))
        #expect(OrderStory.sentence(notification, previous: nil) == sentence)
    }

    @Test func aDeclineNamesItsReason() throws {
        let notification = try read(Sent.charge("FAILED", version: 2, previous: nil) { $0.failureCode = "INSUFFICIENT_FUNDS" })
        #expect(OrderStory.sentence(notification, previous: nil) == "DECLINED (INSUFFICIENT_FUNDS): no money moved. The goods are free again.")
    }

    @Test func theOrderIsNamedWithItsMethodAndCharge() throws {
        let notification = try read(Sent.charge("CAPTURED", version: 1, previous: nil))
        #expect(OrderStory.title(notification) == "Order DEMO-1 (Jenius Pay, charge_1)")
        #expect(OrderStory.time(notification) == "2026-06-03 11:23:47")
        let nameless = try read(Sent.charge("CAPTURED", version: 1, previous: nil) { $0.orderReferenceNumber = nil })
        #expect(OrderStory.title(nameless) == "Charge charge_1 (Jenius Pay)")
    }

    @Test func anUpdateTellsWhatChanged() throws {
        let paid = try read(Sent.charge("CAPTURED", version: 1, previous: nil))
        func sentence(_ change: (inout Charge) -> Void) throws -> String {
            OrderStory.sentence(try read(Sent.charge("CAPTURED", version: 2, previous: "CAPTURED", change: change)), previous: paid.charge)
        }
        #expect(try sentence { _ in } == "A detail was filled in; still paid.")
        #expect(try sentence { $0.chargedBack = 400_000 } == "CHARGED BACK: IDR 4,000.00 was taken back.")
        #expect(try sentence { $0.refunded = 1_050 } == "IDR 10.50 of it is refunded.")
        #expect(try sentence { $0.fundsState = "CAPTURE_FUNDS_RECEIVED" } == "PPRO's word on the funds: CAPTURE_FUNDS_RECEIVED.")
    }

    @Test func whatIsPassedOnIsNamed() throws {
        let time = Instant(milliseconds: 0)
        let facts = EventFacts(type: "REPORT_PROCESSED", subject: "report_1", time: time, kind: .other)
        let cause = Notification.Cause(source: "s", id: "e", type: "REPORT_PROCESSED", time: time)
        let notification = try read(.passedOn(id: "ntf_9", facts: facts, cause: cause, data: Array(#"{"version":"odd"}"#.utf8)))
        #expect(OrderStory.sentence(notification, previous: nil) == "PPRO says REPORT_PROCESSED.")
        #expect(OrderStory.title(notification) == "report_1")
        #expect(notification.version == nil)
    }

    @Test func anAgreementIsNamedByItsStatus() throws {
        let time = Instant(milliseconds: 0)
        let agreement = Agreement(id: "agr_1", status: AgreementStatus("ACTIVE"), createdAt: time, updatedAt: time)
        let cause = Notification.Cause(source: "s", id: "e", type: "PAYMENT_AGREEMENT_ACTIVE", time: time)
        let notification = try read(.agreementChanged(id: "ntf_8", agreement: agreement, version: 1, previous: nil, cause: cause))
        #expect(OrderStory.title(notification) == "agr_1")
        #expect(OrderStory.sentence(notification, previous: nil) == "Now ACTIVE.")
        #expect(notification.version == 1)
    }
}

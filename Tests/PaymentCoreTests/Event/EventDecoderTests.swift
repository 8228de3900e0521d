import PaymentCore
import Testing

@Suite struct EventDecoderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var type: EventType
        var expected: EventFacts
        var testDescription: String { type.rawValue }
    }

    private static let time = Instant(milliseconds: 1_780_485_827_123)

    private static func charge(
        _ type: EventType, _ status: String, _ operation: OperationFact? = nil, funds: String? = nil, failure: String? = nil
    ) -> Case {
        var facts = EventFacts(type: type.rawValue, subject: "charge_mXC6KnPKOY6MuyBf7dwaY", time: time, kind: .charge)
        facts.status = status
        facts.operation = operation
        facts.amount = Money(value: 1_000_000, currency: "IDR")
        facts.fundsState = funds
        facts.failureCode = failure
        facts.paymentMethod = "JENIUS_PAY"
        facts.merchantId = "merch-123"
        facts.merchantReference = "pay-1"
        facts.orderReferenceNumber = "order-1"
        return Case(type: type, expected: facts)
    }

    private static func chargeback() -> Case {
        var facts = EventFacts(type: "CHARGEBACK_SUCCEEDED", subject: "charge_mXC6KnPKOY6MuyBf7dwaY", time: time, kind: .charge)
        facts.operation = OperationFact(kind: .chargeback, id: nil, state: .succeeded)
        facts.amount = Money(value: 400_000, currency: "IDR")
        facts.merchantId = "merch-123"
        return Case(type: .chargebackSucceeded, expected: facts)
    }

    private static func agreement(_ type: EventType, _ status: String, failure: String? = nil) -> Case {
        var facts = EventFacts(type: type.rawValue, subject: "agr_8sKq2LmN4pRtVwXyZ0aBc", time: time, kind: .agreement)
        facts.status = status
        facts.failureCode = failure
        facts.paymentMethod = "GOPAY"
        facts.merchantId = "merch-123"
        facts.merchantReference = "sub-1"
        return Case(type: type, expected: facts)
    }

    private static func other(_ type: EventType, _ subject: String) -> Case {
        var facts = EventFacts(type: type.rawValue, subject: subject, time: time, kind: .other)
        facts.merchantId = "merch-123"
        return Case(type: type, expected: facts)
    }

    private static func authorization(_ state: OperationFact.State) -> OperationFact { OperationFact(kind: .authorization, id: "authz_1", state: state) }
    private static func capture(_ state: OperationFact.State) -> OperationFact { OperationFact(kind: .capture, id: "capture_1", state: state) }
    private static func refund(_ state: OperationFact.State) -> OperationFact { OperationFact(kind: .refund, id: "refund_1", state: state) }
    private static func void(_ state: OperationFact.State) -> OperationFact { OperationFact(kind: .void, id: "void_1", state: state) }

    static let cases: [Case] = [
        charge(.chargeCreated, "AUTHORIZATION_PROCESSING"),
        charge(.chargeAuthenticationPending, "AUTHENTICATION_PENDING", authorization(.pending)),
        charge(.chargeProviderConfirmationPending, "AUTHORIZATION_ASYNC", authorization(.pending)),
        charge(.chargeAuthorizationSucceeded, "CAPTURE_PENDING", authorization(.succeeded)),
        charge(.chargeAuthorizationFailed, "FAILED", authorization(.failed), failure: "INSUFFICIENT_FUNDS"),
        charge(.chargeCaptureSucceeded, "CAPTURED", capture(.succeeded)),
        charge(.chargeCaptureFailed, "CAPTURE_PENDING", capture(.failed), failure: "INSUFFICIENT_FUNDS"),
        charge(.chargeRefundPending, "REFUND_PROCESSING", refund(.pending)),
        charge(.chargeRefundSucceeded, "REFUNDED", refund(.succeeded)),
        charge(.chargeRefundFailed, "CAPTURED", refund(.failed), failure: "INSUFFICIENT_FUNDS"),
        charge(.chargeVoidSucceeded, "VOIDED", void(.succeeded)),
        charge(.chargeVoidFailed, "CAPTURE_PENDING", void(.failed), failure: "INSUFFICIENT_FUNDS"),
        charge(.chargeDiscarded, "DISCARDED", authorization(.discarded)),
        charge(.chargeDiscardFailed, "AUTHENTICATION_PENDING"),
        charge(.fundsStateChanged, "CAPTURED", funds: "CAPTURE_FUNDS_RECEIVED"),
        chargeback(),
        agreement(.agreementCreated, "INITIALIZING"),
        agreement(.agreementAuthenticationPending, "AUTHENTICATION_PENDING"),
        agreement(.agreementActive, "ACTIVE"),
        agreement(.agreementUpdated, "ACTIVE"),
        agreement(.agreementFailed, "FAILED", failure: "INSUFFICIENT_FUNDS"),
        agreement(.agreementRevokedByConsumer, "REVOKED_BY_CONSUMER"),
        agreement(.agreementRevokedByMerchant, "REVOKED_BY_MERCHANT"),
        agreement(.agreementRevokedByProvider, "REVOKED_BY_PROVIDER"),
        other(.instrumentCreated, "instr_5Hn2kQvYx8RtLmPw3Zs7D"),
        other(.instrumentDetailsUpdated, "instr_5Hn2kQvYx8RtLmPw3Zs7D"),
        other(.instrumentDeleted, "instr_5Hn2kQvYx8RtLmPw3Zs7D"),
        other(.reportProcessed, "report_2Kd9sLqPzXcVbNm4Tr6Ww"),
        other(.reportFailed, "report_2Kd9sLqPzXcVbNm4Tr6Ww"),
        other(.reportExpired, "report_2Kd9sLqPzXcVbNm4Tr6Ww"),
        // Unpublished, from older accounts.
        charge(.chargeFailed, "DECLINED", failure: "INSUFFICIENT_FUNDS"),
        charge(.chargeSuccess, "SUCCESS"),
    ]

    @Test func noTypeIsLeftOut() {
        #expect(Set(Self.cases.map(\.type)) == Set(EventType.allCases))
    }

    @Test(arguments: cases)
    func everyTypeIsReadFromItsPublishedFields(_ one: Case) {
        let body = Array(PublishedEvents.body(one.type).utf8)
        let event = EventDecoder.decode(body: body, receivedAt: Instant(milliseconds: 42))
        #expect(event.content == .readable(one.expected))
        #expect(event.identity == EventIdentity(source: PublishedEvents.source, id: PublishedEvents.id))
        #expect(event.body == body)
        #expect(event.bodyHash == Digest.sha256(body))
        #expect(event.receivedAt == Instant(milliseconds: 42))
    }

    @Test(arguments: cases)
    func dataIsHandedOnByteForByte(_ one: Case) {
        let data = EventDecoder.passThroughData(body: Array(PublishedEvents.body(one.type).utf8))
        #expect(data.map { String(decoding: $0, as: UTF8.self) } == PublishedEvents.dataOf(one.type))
    }

    @Test func withoutDataNothingIsHandedOn() {
        #expect(EventDecoder.passThroughData(body: Array(#"{"specversion":"1.0"}"#.utf8)) == nil)
        #expect(EventDecoder.passThroughData(body: Array("[1]".utf8)) == nil)
        #expect(EventDecoder.passThroughData(body: Array(#"{"data":1"#.utf8)) == nil)
        #expect(EventDecoder.passThroughData(body: []) == nil)
        #expect(EventDecoder.passThroughData(body: Array(#"{"data": null }"#.utf8)) == Array("null".utf8))
    }

    @Test func whatIsReadIsReadAgainTheSame() throws {
        let document = try JSONDocument.parse(Array(PublishedEvents.body(.chargeCaptureSucceeded).utf8))
        #expect(EventDecoder.facts(document) == .success(try #require(Self.cases.first { $0.type == .chargeCaptureSucceeded }).expected))
    }
}

import PaymentCore

@testable import EventStore

enum Sample {
    static let source = "https://www.ppro.com"
    static let start = Instant(milliseconds: 1_780_000_000_000)

    static func at(_ milliseconds: Int64) -> Instant { start.advanced(byMilliseconds: milliseconds) }

    /// A readable event about a charge.
    static func event(
        _ id: String, source: String = source, body: String? = nil, charge: String = "charge_1", status: String? = "CAPTURED",
        type: String = "PAYMENT_CHARGE_CAPTURE_SUCCEEDED", at milliseconds: Int64 = 0
    ) -> Event {
        var facts = EventFacts(type: type, subject: charge, time: at(milliseconds), kind: .charge)
        facts.status = status
        facts.operation = OperationFact(kind: .capture, id: "capture_\(id)", state: .succeeded)
        facts.amount = Money(value: 1_000_000, currency: "IDR")
        facts.fundsState = "SETTLED"
        facts.failureCode = "none"
        facts.paymentMethod = "JENIUSPAY"
        facts.merchantId = "merchant"
        facts.merchantReference = "reference"
        facts.orderReferenceNumber = "order"
        return event(id, source: source, body: body, content: .readable(facts), at: milliseconds)
    }

    static func event(
        _ id: String, source: String = source, body: String? = nil, content: Event.Content, at milliseconds: Int64 = 0
    ) -> Event {
        let bytes = Array((body ?? #"{"id":"\#(id)","data":{"n":1}}"#).utf8)
        return Event(
            identity: EventIdentity(source: source, id: id), body: bytes, bodyHash: Digest.sha256(bytes), receivedAt: at(milliseconds), content: content)
    }

    static func unreadable(_ text: String, at milliseconds: Int64 = 0) -> Event {
        let body = Array(text.utf8)
        let hash = Digest.sha256(body)
        return Event(identity: .ofBody(hash: hash), body: body, bodyHash: hash, receivedAt: at(milliseconds), content: .unreadable(.badTime))
    }

    static func charge(_ id: String, status: ChargeStatus = .captured) -> Charge {
        var charge = Charge(id: id, status: status, createdAt: at(0), updatedAt: at(10))
        charge.currency = "IDR"
        charge.authorized = 5
        charge.captured = 4
        charge.refunded = 3
        charge.voided = 2
        charge.chargedBack = 1
        charge.fundsState = "SETTLED"
        charge.paymentMethod = "JENIUSPAY"
        charge.merchantId = "merchant"
        charge.merchantPaymentChargeReference = "reference"
        charge.orderReferenceNumber = "order"
        charge.failureCode = "code"
        charge.anomalies = 7
        return charge
    }

    static func notification(_ id: String, type: String = "charge.captured", subject: String = "charge_1", version: Int? = 1) -> Notification {
        Notification(
            id: "ntf_\(id)", type: type, subject: subject, version: version, previousStatus: version.map { _ in "CAPTURE_PENDING" },
            status: version.map { _ in "CAPTURED" }, body: Array(#"{"id":"ntf_\#(id)"}"#.utf8))
    }
}

extension AppendOutcome {
    var acceptedSeq: Int64? { if case .accepted(let seq) = self { seq } else { nil } }
    var error: StoreError? { if case .unavailable(let error) = self { error } else { nil } }
}

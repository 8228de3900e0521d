package import PaymentCore

/// A charge with its number and version in the store.
package struct StoredCharge: Sendable, Equatable {
    package var seq: Int64
    package var version: Int
    package var charge: Charge

    static let columns = """
        seq, id, version, status, currency, amount, authorized, captured, refunded, voided, charged_back, refunded_after_chargeback, \
        funds_state, payment_method, merchant_id, merchant_reference, order_reference, failure_code, anomalies, created_at, updated_at
        """

    init(row: Statement) throws(StoreError) {
        seq = try row.integer()
        let id = try row.text()
        version = try row.count()
        let origin = Instant(milliseconds: 0)
        charge = Charge(id: id, status: ChargeStatus(try row.text()), createdAt: origin, updatedAt: origin)
        charge.currency = try row.textOrNil()
        charge.amount = try row.integerOrNil()
        charge.authorized = try row.integer()
        charge.captured = try row.integer()
        charge.refunded = try row.integer()
        charge.voided = try row.integer()
        charge.chargedBack = try row.integer()
        charge.refundedAfterChargeback = try row.integer()
        charge.fundsState = try row.textOrNil()
        charge.paymentMethod = try row.textOrNil()
        charge.merchantId = try row.textOrNil()
        charge.merchantPaymentChargeReference = try row.textOrNil()
        charge.orderReferenceNumber = try row.textOrNil()
        charge.failureCode = try row.textOrNil()
        charge.anomalies = try row.count()
        charge.createdAt = try row.time()
        charge.updatedAt = try row.time()
    }
}

extension Charge {
    /// `StoredCharge.columns` after `seq, id, version`.
    var values: [SQLValue] {
        [
            .text(status.word), .text(currency), .integer(amount), .integer(authorized), .integer(captured), .integer(refunded), .integer(voided),
            .integer(chargedBack), .integer(refundedAfterChargeback), .text(fundsState), .text(paymentMethod), .text(merchantId),
            .text(merchantPaymentChargeReference), .text(orderReferenceNumber),
            .text(failureCode), .count(anomalies), .time(createdAt), .time(updatedAt),
        ]
    }
}

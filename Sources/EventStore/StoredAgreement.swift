package import PaymentCore

/// An agreement with its number and version in the store.
package struct StoredAgreement: Sendable, Equatable {
    package var seq: Int64
    package var version: Int
    package var agreement: Agreement

    static let columns = """
        seq, id, version, status, payment_method, merchant_id, merchant_reference, failure_code, anomalies, created_at, updated_at
        """

    init(row: Statement) throws(StoreError) {
        seq = try row.integer()
        let id = try row.text()
        version = try row.count()
        let origin = Instant(milliseconds: 0)
        agreement = Agreement(id: id, status: AgreementStatus(try row.text()), createdAt: origin, updatedAt: origin)
        agreement.paymentMethod = try row.textOrNil()
        agreement.merchantId = try row.textOrNil()
        agreement.merchantPaymentAgreementReference = try row.textOrNil()
        agreement.failureCode = try row.textOrNil()
        agreement.anomalies = try row.count()
        agreement.createdAt = try row.time()
        agreement.updatedAt = try row.time()
    }
}

extension Agreement {
    /// `StoredAgreement.columns` after `seq, id, version`.
    var values: [SQLValue] {
        [
            .text(status.word), .text(paymentMethod), .text(merchantId), .text(merchantPaymentAgreementReference), .text(failureCode),
            .count(anomalies), .time(createdAt), .time(updatedAt),
        ]
    }
}

/// A payment agreement (id `agr_…`) as its events tell it: a pure function of the set of its events (`Agreement.fold`).
package struct Agreement: Sendable, Equatable {
    package var id: String
    package var status: AgreementStatus
    package var paymentMethod: String?
    package var merchantId: String?
    package var merchantPaymentAgreementReference: String?
    package var failureCode: String?
    package var anomalies = 0
    package var createdAt: Instant
    package var updatedAt: Instant

    package init(id: String, status: AgreementStatus, createdAt: Instant, updatedAt: Instant) {
        self.id = id
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

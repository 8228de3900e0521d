/// A payment charge as its events tell it: a pure function of the set of its events (`Charge.fold`).
package struct Charge: Sendable, Equatable {
    package var id: String
    /// PPRO's word; a word we do not know is kept as it is.
    package var status: ChargeStatus
    package var currency: String?
    /// What is to be paid, in minor units of `currency`; nil until an event tells it.
    package var amount: Int64?
    /// Sums over the operations that succeeded, in minor units.
    package var authorized: Int64 = 0
    package var captured: Int64 = 0
    package var refunded: Int64 = 0
    package var voided: Int64 = 0
    package var chargedBack: Int64 = 0
    /// The part of `refunded` that was refunded when a chargeback had taken money back already; no part of what shops are told.
    package var refundedAfterChargeback: Int64 = 0
    /// `fundsState` of the newest FUNDS_STATE_CHANGED.
    package var fundsState: String?
    package var paymentMethod: String?
    package var merchantId: String?
    package var merchantPaymentChargeReference: String?
    package var orderReferenceNumber: String?
    package var failureCode: String?
    /// How many of its events are anomalies (a status that cannot be reached, a word unknown, an amount in another currency) that no answer of PPRO's API has
    /// explained since.
    package var anomalies = 0
    /// `time` of the first event in fold order, or the charge's own `createdAt` where PPRO's API told it.
    package var createdAt: Instant
    /// `time` of the last event in fold order that changed anything.
    package var updatedAt: Instant

    package init(id: String, status: ChargeStatus, createdAt: Instant, updatedAt: Instant) {
        self.id = id
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

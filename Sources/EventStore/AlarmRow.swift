package import PaymentCore

/// One alarm about one charge.
package struct AlarmRow: Sendable, Equatable {
    package var kind: AlarmKind
    package var charge: String
    package var merchantReference: String?
    package var status: String
    package var paymentMethod: String?
    /// nil until an event named an amount.
    package var currency: String?
    /// The money concerned, in minor units.
    package var amount: Int64
    package var since: Instant
    /// Untold: the endpoints that do not know, separated by commas.
    package var endpoints: String?
    /// Anomaly: how many.
    package var anomalies: Int
    /// Untold: at least one of them is not tried any more.
    package var isDead: Bool

    package init(
        kind: AlarmKind, charge: String, merchantReference: String? = nil, status: String, paymentMethod: String? = nil, currency: String?, amount: Int64,
        since: Instant, endpoints: String? = nil, anomalies: Int = 0, isDead: Bool = false
    ) {
        (self.kind, self.charge, self.merchantReference, self.status, self.paymentMethod) = (kind, charge, merchantReference, status, paymentMethod)
        (self.currency, self.amount, self.since, self.endpoints, self.anomalies, self.isDead) = (
            currency, amount, since, endpoints, anomalies, isDead
        )
    }

    static let columns = "id, merchant_reference, status, payment_method, currency, money, began, endpoints, odd, is_dead"

    init(_ kind: AlarmKind, row: Statement) throws(StoreError) {
        self.kind = kind
        charge = try row.text()
        merchantReference = try row.textOrNil()
        status = try row.text()
        paymentMethod = try row.textOrNil()
        currency = try row.textOrNil()
        amount = try row.integer()
        since = try row.time()
        endpoints = try row.textOrNil()
        anomalies = try row.count()
        isDead = try row.integer() == 1
    }
}

package import PaymentCore

/// Which charges, or which agreements.
package struct ChargeFilter: Sendable, Equatable {
    /// PPRO's words (`CAPTURED`, …).
    package var statuses: [String]
    package var ids: [String]
    /// `merchantPaymentChargeReference` or `orderReferenceNumber`; no agreement has either.
    package var reference: String?
    /// Only those with anomalies.
    package var anomalous: Bool
    /// Changed at or after this time (the time of the event that changed it).
    package var since: Instant?
    /// Created before this time (the time of its first event).
    package var until: Instant?
    package var page: Page

    package init(
        statuses: [String] = [], ids: [String] = [], reference: String? = nil, anomalous: Bool = false, since: Instant? = nil, until: Instant? = nil,
        page: Page = Page()
    ) {
        self.statuses = statuses
        self.ids = ids
        self.reference = reference
        self.anomalous = anomalous
        self.since = since
        self.until = until
        self.page = page
    }
}

package typealias AgreementFilter = ChargeFilter

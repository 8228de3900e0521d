package import PaymentCore

/// Which deliveries.
package struct DeliveryFilter: Sendable, Equatable {
    package var states: [DeliveryState]
    /// Of the notification's type (`charge.captured`, …).
    package var types: [EventPattern]
    /// The id of a charge.
    package var charge: String?
    /// The id of an agreement.
    package var agreement: String?
    package var endpoint: String?
    /// The notification was made at or after this time.
    package var since: Instant?
    /// The notification was made before this time.
    package var until: Instant?
    package var page: Page

    package init(
        states: [DeliveryState] = [], types: [EventPattern] = [], charge: String? = nil, agreement: String? = nil, endpoint: String? = nil,
        since: Instant? = nil, until: Instant? = nil, page: Page = Page()
    ) {
        self.states = states
        self.types = types
        self.charge = charge
        self.agreement = agreement
        self.endpoint = endpoint
        self.since = since
        self.until = until
        self.page = page
    }
}

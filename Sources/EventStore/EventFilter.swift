package import PaymentCore

/// Which events. Empty and nil members choose everything; the others narrow each other, alternatives in one member widen.
package struct EventFilter: Sendable, Equatable {
    package var states: [EventState]
    package var types: [EventPattern]
    /// The id of a charge.
    package var charge: String?
    /// The id of an agreement.
    package var agreement: String?
    /// Only events under whose identity another body came too.
    package var conflicting = false
    /// Received at or after this time.
    package var since: Instant?
    /// Received before this time.
    package var until: Instant?
    package var page: Page

    package init(
        states: [EventState] = [], types: [EventPattern] = [], charge: String? = nil, agreement: String? = nil, since: Instant? = nil,
        until: Instant? = nil, page: Page = Page()
    ) {
        self.states = states
        self.types = types
        self.charge = charge
        self.agreement = agreement
        self.since = since
        self.until = until
        self.page = page
    }
}

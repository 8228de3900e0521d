package import PaymentCore

/// What is to be done again: failed events and dead (on demand also delivered) deliveries. The members narrow each other; a selection without any
/// of `failed`, `event`, `charge`, `endpoint`, `type`, `since`, `until` selects nothing.
package struct ReplaySelection: Sendable, Equatable {
    /// Everything that failed or died.
    package var failed: Bool
    /// The event with this id, and what was told because of it.
    package var event: String?
    /// Failed events about this charge, and what was told about it.
    package var charge: String?
    /// Deliveries to this endpoint; no events.
    package var endpoint: String?
    /// The event's type for events, the notification's type for deliveries.
    package var type: EventPattern?
    /// Received, or first told, at or after this time.
    package var since: Instant?
    /// Received, or first told, before this time.
    package var until: Instant?
    /// Delivered notifications go out again too.
    package var delivered: Bool
    /// At most so many, events before deliveries, oldest first.
    package var limit: Int?

    package init(
        failed: Bool = false, event: String? = nil, charge: String? = nil, endpoint: String? = nil, type: EventPattern? = nil, since: Instant? = nil,
        until: Instant? = nil, delivered: Bool = false, limit: Int? = nil
    ) {
        self.failed = failed
        self.event = event
        self.charge = charge
        self.endpoint = endpoint
        self.type = type
        self.since = since
        self.until = until
        self.delivered = delivered
        self.limit = limit
    }

    package var isEmpty: Bool {
        !failed && event == nil && charge == nil && endpoint == nil && type == nil && since == nil && until == nil
    }

    /// What is written down about it.
    var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            if failed { writer.member("failed", true) }
            if let event { writer.member("event", event) }
            if let charge { writer.member("charge", charge) }
            if let endpoint { writer.member("endpoint", endpoint) }
            if let type { writer.member("type", type.description) }
            if let since { writer.member("since", since.iso8601) }
            if let until { writer.member("until", until.iso8601) }
            if delivered { writer.member("delivered", true) }
            if let limit { writer.member("limit", limit) }
        }
        return writer.text
    }
}

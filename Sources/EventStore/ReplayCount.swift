package import PaymentCore

/// How much a replay set in motion, or with a dry run would have.
package struct ReplayCount: Sendable, Equatable {
    package var events: Int
    package var deliveries: Int

    package init(events: Int, deliveries: Int) {
        self.events = events
        self.deliveries = deliveries
    }

    static func += (left: inout ReplayCount, right: ReplayCount) {
        left.events += right.events
        left.deliveries += right.deliveries
    }

    /// `{"events":n,"deliveries":m}`
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("events", events)
            writer.member("deliveries", deliveries)
        }
    }
}

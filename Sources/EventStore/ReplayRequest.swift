package import PaymentCore

/// A replay as it is asked for and written down.
package struct ReplayRequest: Sendable, Equatable {
    package var selection: ReplaySelection
    /// When it was asked for. Everything that it makes due is due since then.
    package var at: Instant
    package var who: String
    package var reason: String?

    package init(_ selection: ReplaySelection, at: Instant, who: String, reason: String?) {
        self.selection = selection
        self.at = at
        self.who = who
        self.reason = reason
    }
}

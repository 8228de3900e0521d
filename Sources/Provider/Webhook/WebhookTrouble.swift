/// Trouble on demand on a webhook's way. Each is a probability from 0 to 1.
package struct WebhookTrouble: Sendable, Equatable {
    /// Sent twice.
    package var duplicate = 0.0
    /// Sent after the next one of its charge.
    package var reorder = 0.0
    /// Held back for up to `delayMilliseconds`.
    package var delay = 0.0
    /// Never sent.
    package var drop = 0.0
    /// Damaged on the way, so that no signature fits; rolled for each attempt.
    package var corrupt = 0.0
    package var delayMilliseconds: Int64 = 30_000

    package init() {}

    /// How long a reordered webhook waits for another of its charge before it goes anyway.
    static let longestHoldMilliseconds: Int64 = 5_000
}

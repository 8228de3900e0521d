/// A charge's status in the words a shop decides by.
package enum ChargeResult: String, Sendable, CaseIterable {
    /// Nothing decided yet; also every status that we do not know.
    case pending
    /// The money is reserved; a capture is still to come.
    case authorized
    /// Captured: the order may be shipped.
    case paid
    case refunded
    /// Voided or discarded before any money moved.
    case canceled
    case failed
}

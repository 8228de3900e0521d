package import PaymentCore

/// One event on its way to the merchant.
package struct Webhook: Sendable, Equatable {
    /// Of the event: the same over all attempts.
    package var id: String
    package var chargeId: String
    package var type: String
    /// Where it goes.
    package var url: String
    /// When what it tells happened.
    package var time: Instant
    package var body: [UInt8]
    /// Which charge of the run it is about, from 1.
    package var chargeNumber: Int
    /// Which of the charge's events it is, from 1.
    package var number: Int
}

package import PaymentCore

/// How one attempt at a delivery went, and what follows from it.
package struct AttemptRecord: Sendable, Equatable {
    package enum Next: Sendable, Equatable {
        case delivered
        case dead
        case retry(at: Instant)
    }

    /// The `error` where there was nothing to send: the stored body is damaged.
    package static let damagedBody = "body_damaged"

    /// `DueDelivery.seq`.
    package var delivery: Int64
    /// 1 for the first attempt ever: `DueDelivery.attempts + 1`. Proves that nobody else recorded one in between.
    package var number: Int
    /// When the attempt began.
    package var at: Instant
    /// The HTTP status, where there was an answer.
    package var status: Int?
    /// A stable code, where there was none (`timeout`, `connection_refused`, …). One of `status` and `error` must be there.
    package var error: String?
    package var durationMilliseconds: Int64
    package var next: Next

    package init(delivery: Int64, number: Int, at: Instant, status: Int?, error: String?, durationMilliseconds: Int64, next: Next) {
        self.delivery = delivery
        self.number = number
        self.at = at
        self.status = status
        self.error = error
        self.durationMilliseconds = durationMilliseconds
        self.next = next
    }
}

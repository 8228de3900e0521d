/// What an attempt's result means for its delivery.
package enum AttemptVerdict: String, Sendable {
    case delivered
    /// Try again while the schedule has a delay left.
    case retry
    /// Dead at once: the endpoint says that nobody is there any more.
    case giveUp
}

/// What an attempt's result means for its delivery, and whether it shows that the endpoint is alive (then `Breaker.succeeded`, else `Breaker.failed`).
///
/// Any 2xx is delivered. 410 gives up at once. Everything else is retried: a 404 may be an order the shop has not written yet, and a redirect
/// is not followed because it would carry the signed body elsewhere.
/// An endpoint that refuses one notification with a 4xx works for others; 408, 425 and 429 are about the endpoint itself.
package func verdict(of result: AttemptResult) -> (verdict: AttemptVerdict, endpointAlive: Bool) {
    guard case .answered(let status, _) = result else { return (.retry, false) }
    switch status {
    case 200...299: return (.delivered, true)
    case 410: return (.giveUp, true)
    case 408, 425, 429: return (.retry, false)
    case 400...499: return (.retry, true)
    default: return (.retry, false)
    }
}

/// How one attempt to deliver ended.
package enum AttemptResult: Sendable, Equatable {
    /// The endpoint answered with this status; `retryAfter` is the value of its `Retry-After` as received.
    case answered(status: Int, retryAfter: String?)
    /// There was no answer.
    case failed(TransportFailure)
}

/// Why there was no answer. The raw values are stable codes: stored with the attempt and shown to the operator.
package enum TransportFailure: String, Sendable, Error, CaseIterable {
    /// The whole attempt took longer than its deadline.
    case timeout
    /// No connection within the time for connecting.
    case connectTimeout = "connect_timeout"
    case connectionRefused = "connection_refused"
    /// The connection broke before an answer was complete.
    case connectionReset = "connection_reset"
    /// No route to the host or its network.
    case unreachable
    case nameNotFound = "name_not_found"
    /// The certificate is good, but for another name.
    case tlsWrongHost = "tls_wrong_host"
    /// The certificate is not believed: it has expired, is not valid yet, or nobody vouches for it whom we trust.
    case tlsUntrusted = "tls_untrusted"
    /// The handshake failed for another reason: often the port does not speak TLS.
    case tlsError = "tls_error"
    /// What came back is no HTTP/1.1 answer.
    case invalidResponse = "invalid_response"
    /// So much came back before the answer's head was complete that it was not waited for.
    case answerTooLarge = "answer_too_large"
    /// terima itself ended the attempt, because it is stopping.
    case canceled
    case other
}

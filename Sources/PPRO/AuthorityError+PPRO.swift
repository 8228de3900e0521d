internal import PaymentCore

/// The errors of the API client. None of them holds the key, an id of a person, or what PPRO's answer says about one.
extension AuthorityError {
    /// The answer is not what PPRO documents; asking again brings the same.
    static func unreadable(_ message: String) -> AuthorityError { AuthorityError(code: "unreadable", message: message) }

    /// The order breaks a rule that we know; nothing was sent.
    static func invalidOrder(_ faults: [String]) -> AuthorityError {
        AuthorityError(code: "invalid_order", message: faults.joined(separator: "; "))
    }

    /// The request cannot succeed, by PPRO's word or by what we know of it.
    static func refused(_ message: String) -> AuthorityError { AuthorityError(code: "refused", message: message) }

    /// The idempotency key is taken.
    static func conflict(_ message: String) -> AuthorityError { AuthorityError(code: "conflict", message: message) }

    static func canceled(_ purpose: String) -> AuthorityError { AuthorityError(code: "canceled", message: "\(purpose): given up before PPRO answered") }

    static func rateLimited(_ purpose: String, waitMilliseconds: Int64) -> AuthorityError {
        AuthorityError(
            code: "rate_limited", retryAfterMilliseconds: waitMilliseconds, message: "\(purpose): the rate limit leaves no room before the time is up")
    }

    /// The same, of a request that may be done all the same.
    func inDoubt(_ isDoubtful: Bool = true) -> AuthorityError {
        var error = self
        error.mayBeDone = isDoubtful
        return error
    }

    /// The last attempt brought no answer.
    init(_ failure: ExchangeFailure, purpose: String) {
        let code =
            switch failure {
            case .timeout: "timeout"
            case .notConnected, .connection, .nameNotFound, .tls: "unreachable"
            case .notHTTP, .tooLong: "unreadable"
            case .badURL: "refused"
            case .canceled: "canceled"
            }
        self.init(code: code, message: "\(purpose): \(failure.rawValue)")
    }

    /// The last attempt's answer is no success.
    /// - Parameters:
    ///   - refillMilliseconds: Until PPRO's bucket has a token for us again.
    ///   - key: What the message must not repeat.
    init(_ answer: PPROAnswer, to call: PPROCall, refillMilliseconds: Int64, hiding key: PPROKey) {
        let reason = RefusalText(answer.body, hiding: call.personal, key).text.map { ": " + $0 } ?? ""
        let message = "\(call.purpose): PPRO answered \(answer.status)" + reason
        switch answer.status {
        case 401, 403: self.init(code: "unauthorized", message: message)
        case 409 where call.isWrite:
            self = .conflict(message + " (the idempotency key is still under way, or was used with another body)")
        case 429: self.init(code: "rate_limited", retryAfterMilliseconds: max(refillMilliseconds, 1), message: message)
        case 500...599: self.init(code: "server_error", message: message)
        case 300...399: self = .refused(message + " (redirects are not followed)")
        default: self = .refused(message)
        }
    }
}

/// Who knows the truth about charges: PPRO's API. Reconciliation asks it and knows nothing else of it.
package protocol ChargeAuthority: Sendable {
    /// One charge; nil when PPRO knows none of that id.
    func charge(id: String) async throws(AuthorityError) -> RemoteCharge?

    /// The charges made under a `merchantPaymentChargeReference`, newest first.
    func charges(reference: String) async throws(AuthorityError) -> [RemoteCharge]
}

/// Why there is no answer from PPRO.
package struct AuthorityError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A stable word: `unauthorized`, `rate_limited`, `unreachable`, `timeout`, `server_error`, `unreadable`, `refused`, `conflict`, `invalid_order`, `canceled`.
    package var code: String
    /// How long to leave PPRO alone; nil when it did not say.
    package var retryAfterMilliseconds: Int64?
    /// A sentence for the operator, without secrets and personal data.
    package var message: String
    /// Whether what was asked for may be done all the same: an attempt went out and no answer says that it was refused. Never so where nothing was to change.
    package var mayBeDone = false

    package init(code: String, retryAfterMilliseconds: Int64? = nil, message: String) {
        self.code = code
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.message = message
    }

    package var description: String { "\(code): \(message)" }
}

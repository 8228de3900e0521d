/// Why a request is not taken as PPRO's. A closed list.
package enum VerificationFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Neither signature header is there.
    case missing
    /// The header that decides is not of its scheme's form; no secret was tried.
    case malformed(Malformation)
    /// No secret gives this signature for this body.
    case invalid
    /// The signature is right, but was made too long ago or in the future.
    case stale(Staleness)
    /// Only the old scheme's header is there, and that scheme is switched off.
    case legacyRefused

    /// What is wrong with a header.
    package enum Malformation: String, Sendable {
        /// More than one header of the name, or several signatures joined by a comma.
        case doubled
        /// Not `t=…,s=…` in this order.
        case fields
        /// `t` is not 1 to 20 digits.
        case timestamp
        /// The signature is not 64 hexadecimal digits.
        case signature
    }

    package enum Staleness: Sendable, Equatable {
        /// So far behind the oldest time that is still taken.
        case tooOld(byMilliseconds: Int64)
        /// So far beyond the latest time that is already taken.
        case tooFarAhead(byMilliseconds: Int64)
    }

    /// The word in the answer and in logs. A refused old scheme counts as the missing current one: the answer need not tell a stranger what is configured.
    package var code: String {
        switch self {
        case .missing, .legacyRefused: "signature_missing"
        case .malformed: "signature_malformed"
        case .invalid: "signature_invalid"
        case .stale: "signature_stale"
        }
    }

    /// For the operator: the facts, without the signature.
    package var description: String {
        switch self {
        case .missing: "\(code): no PPRO-Signature and no Webhook-Signature header"
        case .malformed(.doubled): "\(code): more than one signature"
        case .malformed(.fields): "\(code): not t=<unix seconds>,s=<hex>"
        case .malformed(.timestamp): "\(code): t is not 1 to 20 digits"
        case .malformed(.signature): "\(code): not 64 hexadecimal digits"
        case .invalid: "\(code): no signing secret gives this signature for this body"
        case .stale(.tooOld(let milliseconds)): "\(code): right, but \(milliseconds) ms older than the tolerance"
        case .stale(.tooFarAhead(let milliseconds)): "\(code): right, but \(milliseconds) ms further ahead than the tolerance"
        case .legacyRefused: "\(code): only the old Webhook-Signature, which is switched off"
        }
    }
}

import PaymentCore
import Receiver

/// How long the receiver's certificate still holds, in the words for operators.
struct CertificateValidity: Sendable {
    enum State: Sendable, Equatable {
        case good, ending, expired, notYet
    }

    /// Authorities that renew by themselves do so a month before the end; with less than this it has not happened.
    private static let warningMilliseconds: Int64 = 21 * 86_400_000

    let state: State
    let sentence: String

    init(_ identity: TLSIdentity, now: Instant) {
        let left = identity.notAfter.milliseconds(since: now)
        let days = Count.text(left / 86_400_000, "day")
        let until = "the TLS certificate is valid until \(identity.notAfter.iso8601)"
        if now < identity.notBefore {
            (state, sentence) = (.notYet, "the TLS certificate is not valid before \(identity.notBefore.iso8601)")
        } else if left < 0 {
            (state, sentence) = (.expired, "the TLS certificate expired at \(identity.notAfter.iso8601)")
        } else if left < Self.warningMilliseconds {
            (state, sentence) = (.ending, "\(until), for \(days)")
        } else {
            (state, sentence) = (.good, "\(until), for \(days)")
        }
    }
}

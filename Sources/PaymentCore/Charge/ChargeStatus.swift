/// PPRO's word for where a charge stands. A word that we do not know is kept as it is; words are told apart by their bytes.
package struct ChargeStatus: LifeStatus, Hashable, CustomStringConvertible {
    package let word: String
    let known: Known?

    /// The status of a word as PPRO sends it; the words of old deliveries become today's (SUCCESS is CAPTURED, REFUND_SETTLED is REFUNDED, REJECTED and
    /// DECLINED are FAILED).
    package init(_ word: String) {
        self.known = Known.wordsOfAnyAge[word]
        self.word = known?.rawValue ?? word
    }

    private init(_ known: Known) {
        self.known = known
        self.word = known.rawValue
    }

    package static let authorizationProcessing = ChargeStatus(Known.authorizationProcessing)
    package static let authenticationPending = ChargeStatus(Known.authenticationPending)
    package static let authorizationAsync = ChargeStatus(Known.authorizationAsync)
    package static let capturePending = ChargeStatus(Known.capturePending)
    package static let captureProcessing = ChargeStatus(Known.captureProcessing)
    package static let captured = ChargeStatus(Known.captured)
    package static let refundProcessing = ChargeStatus(Known.refundProcessing)
    package static let refunded = ChargeStatus(Known.refunded)
    package static let voidProcessing = ChargeStatus(Known.voidProcessing)
    package static let voided = ChargeStatus(Known.voided)
    package static let discardProcessing = ChargeStatus(Known.discardProcessing)
    package static let discarded = ChargeStatus(Known.discarded)
    package static let failed = ChargeStatus(Known.failed)

    /// All published statuses, in their published order (which is `rank`).
    package static let allKnown: [ChargeStatus] = Known.allCases.map { ChargeStatus($0) }

    package var description: String { word }
    package var isKnown: Bool { known != nil }
    /// REFUNDED, VOIDED, DISCARDED and FAILED; a chargeback may still hit REFUNDED, but it is no status.
    package var isFinal: Bool { known.map { $0.moves.isEmpty } ?? false }
    package var rank: Int { known?.rank ?? Known.allCases.count }

    package var result: ChargeResult {
        switch known {
        case .authorizationProcessing, .authenticationPending, .authorizationAsync, .captureProcessing, .discardProcessing, nil: .pending
        case .capturePending, .voidProcessing: .authorized
        case .captured, .refundProcessing: .paid
        case .refunded: .refunded
        case .voided, .discarded: .canceled
        case .failed: .failed
        }
    }

    /// Whether a charge can come from here to `next` in any number of moves: PROCESSING states are mostly not announced, so webhooks jump over them.
    /// A status reaches itself; an unknown word reaches nothing else and is reached from nothing else.
    package func canReach(_ next: ChargeStatus) -> Bool {
        guard let known, let nextKnown = next.known else { return self == next }
        return known.canReach(nextKnown)
    }

    package static func == (a: ChargeStatus, b: ChargeStatus) -> Bool { a.known == b.known && (a.isKnown || a.word.hasSameBytes(as: b.word)) }

    package func hash(into hasher: inout Hasher) {
        for byte in word.utf8 { hasher.combine(byte) }
    }
}

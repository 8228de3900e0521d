/// PPRO's word for where a payment agreement stands. A word that we do not know is kept as it is; words are told apart by their bytes.
package struct AgreementStatus: LifeStatus, Hashable, CustomStringConvertible {
    package let word: String
    let known: Known?

    /// The published statuses in their published order.
    enum Known: String, Sendable, CaseIterable {
        /// The initial state.
        case initializing = "INITIALIZING"
        /// The consumer moves on by authenticating.
        case authenticationPending = "AUTHENTICATION_PENDING"
        /// May be charged; ends only by being revoked or by failing.
        case active = "ACTIVE"
        /// Final.
        case revokedByConsumer = "REVOKED_BY_CONSUMER"
        /// Final.
        case revokedByMerchant = "REVOKED_BY_MERCHANT"
        /// Final.
        case revokedByProvider = "REVOKED_BY_PROVIDER"
        /// Final.
        case failed = "FAILED"

        static let words = KnownWords<Known>()

        var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
    }

    package init(_ word: String) {
        self.known = Known.words[word]
        self.word = word
    }

    private init(_ known: Known) {
        self.known = known
        self.word = known.rawValue
    }

    package static let initializing = AgreementStatus(Known.initializing)
    package static let authenticationPending = AgreementStatus(Known.authenticationPending)
    package static let active = AgreementStatus(Known.active)
    package static let revokedByConsumer = AgreementStatus(Known.revokedByConsumer)
    package static let revokedByMerchant = AgreementStatus(Known.revokedByMerchant)
    package static let revokedByProvider = AgreementStatus(Known.revokedByProvider)
    package static let failed = AgreementStatus(Known.failed)

    /// All published statuses, in their published order (which is `rank`).
    package static let allKnown: [AgreementStatus] = Known.allCases.map { AgreementStatus($0) }

    package var description: String { word }
    package var isKnown: Bool { known != nil }
    package var rank: Int { known?.rank ?? Known.allCases.count }

    /// Revoked (by whomever) or failed.
    package var isFinal: Bool {
        switch known {
        case .revokedByConsumer, .revokedByMerchant, .revokedByProvider, .failed: true
        case .initializing, .authenticationPending, .active, nil: false
        }
    }

    /// PPRO publishes no moves of agreements, so the newest word wins until a final one. A status reaches itself; an unknown word reaches nothing else.
    package func canReach(_ next: AgreementStatus) -> Bool { self == next || (isKnown && next.isKnown && !isFinal) }

    package static func == (a: AgreementStatus, b: AgreementStatus) -> Bool { a.word.hasSameBytes(as: b.word) }

    package func hash(into hasher: inout Hasher) {
        for byte in word.utf8 { hasher.combine(byte) }
    }
}

extension ChargeStatus {
    /// Every published status, in the published order.
    package static var published: [ChargeStatus] { Known.allCases.map { ChargeStatus($0.rawValue) } }

    /// The published statuses in their published order, each documented by who moves the charge on.
    enum Known: String, Sendable, CaseIterable {
        /// The initial state: PPRO asks the provider.
        case authorizationProcessing = "AUTHORIZATION_PROCESSING"
        /// The consumer moves on by authenticating, or lets the time run out (DISCARDED).
        case authenticationPending = "AUTHENTICATION_PENDING"
        /// The provider confirms later, or not in time (DISCARDED).
        case authorizationAsync = "AUTHORIZATION_ASYNC"
        /// The merchant moves on with a capture or a void.
        case capturePending = "CAPTURE_PENDING"
        /// Short: ends captured, back at CAPTURE_PENDING (the capture failed or was partial), or failed.
        case captureProcessing = "CAPTURE_PROCESSING"
        /// May rest here for ever; the merchant may refund.
        case captured = "CAPTURED"
        /// Short: ends refunded, or back at CAPTURED (the refund failed or was partial).
        case refundProcessing = "REFUND_PROCESSING"
        /// Final.
        case refunded = "REFUNDED"
        /// Short: ends voided, or back at CAPTURE_PENDING (the void failed or was partial).
        case voidProcessing = "VOID_PROCESSING"
        /// Final.
        case voided = "VOIDED"
        /// Short, seen in the API only: ends discarded, or back at AUTHENTICATION_PENDING.
        case discardProcessing = "DISCARD_PROCESSING"
        /// Final.
        case discarded = "DISCARDED"
        /// Final.
        case failed = "FAILED"

        /// Today's words and those of old deliveries.
        static let wordsOfAnyAge = KnownWords<Known>(
            and: [("SUCCESS", .captured), ("REFUND_SETTLED", .refunded), ("REJECTED", .failed), ("DECLINED", .failed)])

        /// The moves of one step: PPRO's published ones, and those that follow from the operations' documented rules (void only what is not yet captured,
        /// refund only what is captured, both may be partial, each may fail and fall back). None: the status is final.
        var moves: [Known] {
            switch self {
            case .authorizationProcessing: [.authenticationPending, .authorizationAsync, .capturePending, .captureProcessing, .failed]
            case .authenticationPending: [.authorizationAsync, .capturePending, .captureProcessing, .discardProcessing, .discarded, .failed]
            case .authorizationAsync: [.capturePending, .captureProcessing, .discardProcessing, .discarded, .failed]
            case .capturePending: [.captureProcessing, .captured, .voidProcessing, .voided, .failed]
            case .captureProcessing: [.captured, .capturePending, .failed]
            case .captured: [.refundProcessing, .refunded]
            case .refundProcessing: [.refunded, .captured]
            case .voidProcessing: [.voided, .capturePending]
            case .discardProcessing: [.discarded, .authenticationPending]
            case .refunded, .voided, .discarded, .failed: []
            }
        }

        var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }

        func canReach(_ next: Known) -> Bool { self == next || Self.reachable[rank][next.rank] }

        /// The transitive closure of `moves`, by ranks.
        private static let reachable: [[Bool]] = allCases.map { start in
            var isReached = allCases.map { _ in false }
            var open = start.moves
            while let next = open.popLast() {
                if isReached[next.rank] { continue }
                isReached[next.rank] = true
                open += next.moves
            }
            return isReached
        }
    }
}

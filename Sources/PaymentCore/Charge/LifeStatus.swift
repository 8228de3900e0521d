/// What the folds need to know of a status: `ChargeStatus` and `AgreementStatus` obey the same rules (`StatusTrack`).
protocol LifeStatus: Sendable, Equatable {
    init(_ word: String)
    var word: String { get }
    /// Whether it is one of PPRO's published words.
    var isKnown: Bool { get }
    /// Final statuses are never left.
    var isFinal: Bool { get }
    /// Place in the published order; unknown words come after all known ones.
    var rank: Int { get }
    /// Whether a life can come from here to there, in any number of moves; a status reaches itself. Unknown words reach nothing else.
    func canReach(_ next: Self) -> Bool
}

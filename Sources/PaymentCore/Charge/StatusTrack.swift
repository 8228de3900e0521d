/// PPRO's status words, taken one after the other in fold order.
struct StatusTrack<Status: LifeStatus> {
    /// Nil until an event gave a status.
    private(set) var current: Status?
    /// Where the track stood before it came to words that we do not know.
    private var lastKnown: Status?

    /// Takes the next word; false when the word is an anomaly.
    ///
    /// The first known word is taken as it is. A final status is never left. A known word is taken if it can be reached from the last known one; else the
    /// status stays. An unknown word is taken as it is and is always an anomaly, even when it is the word of before.
    mutating func take(_ next: Status) -> Bool {
        guard let current else {
            self.current = next
            if next.isKnown { lastKnown = next }
            return next.isKnown
        }
        if current == next { return next.isKnown }
        if current.isFinal { return false }
        if next.isKnown {
            guard lastKnown?.canReach(next) ?? true else { return false }
            lastKnown = next
        }
        self.current = next
        return next.isKnown
    }

    /// Takes PPRO's own answer, reachable or not, even out of a final status; false for a word that we do not know.
    mutating func set(_ next: Status) -> Bool {
        current = next
        if next.isKnown { lastKnown = next }
        return next.isKnown
    }
}

/// What applying an event did; stored with the event as a word.
package enum Outcome: String, Sendable, CaseIterable {
    /// The charge or agreement changed.
    case advanced
    /// In order, but it said nothing new.
    case unchanged
    /// Older than something already applied, and it changed nothing.
    case late
    /// It contradicts what is known (`Folded.anomalous`): kept, flagged, due for reconciliation.
    case anomaly
    /// Without state here: handed on to the shop as it came.
    case passedOn = "passed_on"
}

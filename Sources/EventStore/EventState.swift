/// How far a stored event has come. The raw values are the words in the database, in `--json` and in the API.
package enum EventState: String, Sendable, CaseIterable {
    /// Acknowledged, waiting for the worker. Left by being applied or by failing; a crash leaves it waiting.
    case received
    /// Part of its charge or agreement, or passed on.
    case applied
    /// Could not be read or applied; kept with the reason. Left only by a replay (`received`).
    case failed
}

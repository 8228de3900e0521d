import Synchronization

/// What the receiver has answered since it started. Counted from the event loops, read from anywhere; the numbers of one snapshot may be a few answers apart.
package final class ReceiverCounters: Sendable {
    private let accepted = Atomic(0)
    private let duplicates = Atomic(0)
    private let conflicts = Atomic(0)
    private let refusals: [Count] = Refusal.allCases.map { _ in Count() }

    package init() {}

    /// An atomic cannot be an array's element, so each has its box.
    private final class Count: Sendable {
        let value = Atomic(0)
    }

    package struct Snapshot: Sendable, Equatable {
        /// Events stored.
        package var accepted = 0
        /// Webhooks that were stored already, with the same body.
        package var duplicates = 0
        /// Webhooks with a stored event's identity and another body.
        package var conflicts = 0
        /// Requests turned away, by reason; only reasons that occurred.
        package var refused: [Refusal: Int] = [:]
    }

    package func snapshot() -> Snapshot {
        var snapshot = Snapshot(
            accepted: accepted.load(ordering: .relaxed), duplicates: duplicates.load(ordering: .relaxed), conflicts: conflicts.load(ordering: .relaxed))
        for (refusal, count) in zip(Refusal.allCases, refusals) {
            let value = count.value.load(ordering: .relaxed)
            if value > 0 { snapshot.refused[refusal] = value }
        }
        return snapshot
    }

    func count(_ answer: ReceiverAnswer) {
        switch answer {
        case .accepted: accepted.add(1, ordering: .relaxed)
        case .duplicate: duplicates.add(1, ordering: .relaxed)
        case .conflict: conflicts.add(1, ordering: .relaxed)
        default: if let refusal = answer.refusal { refusals[refusal.rawValue].value.add(1, ordering: .relaxed) }
        }
    }
}

package import PaymentCore
import Synchronization

/// What the receiver has answered since it started. Counted from the event loops, read from anywhere; the numbers of one snapshot may be a few answers apart.
package final class ReceiverCounters: Sendable {
    private let accepted = Atomic(0)
    private let duplicates = Atomic(0)
    private let conflicts = Atomic(0)
    /// Refused for their signature since the last webhook that was taken.
    private let unheard = Atomic(0)
    /// When the last of them came, in milliseconds since 1970.
    private let lastUnheard = Atomic(Int64(0))
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
        /// How many were refused for their signature since the last one that was taken: with a wrong signing secret, all of them.
        package var unheard = 0
        /// When the last of these came.
        package var lastUnheardAt: Instant?
    }

    package func snapshot() -> Snapshot {
        var snapshot = Snapshot(
            accepted: accepted.load(ordering: .relaxed), duplicates: duplicates.load(ordering: .relaxed), conflicts: conflicts.load(ordering: .relaxed))
        snapshot.unheard = unheard.load(ordering: .relaxed)
        if snapshot.unheard > 0 { snapshot.lastUnheardAt = Instant(milliseconds: lastUnheard.load(ordering: .relaxed)) }
        for (refusal, count) in zip(Refusal.allCases, refusals) {
            let value = count.value.load(ordering: .relaxed)
            if value > 0 { snapshot.refused[refusal] = value }
        }
        return snapshot
    }

    /// - Parameter now: when it was refused; of no meaning for other answers.
    func count(_ answer: ReceiverAnswer, now: @autoclosure () -> Instant) {
        switch answer {
        case .accepted: accepted.add(1, ordering: .relaxed)
        case .duplicate: duplicates.add(1, ordering: .relaxed)
        case .conflict: conflicts.add(1, ordering: .relaxed)
        default:
            guard let refusal = answer.refusal else { return }
            refusals[refusal.rawValue].value.add(1, ordering: .relaxed)
            guard refusal.isAboutSignature else { return }
            lastUnheard.store(now().milliseconds, ordering: .relaxed)
            unheard.add(1, ordering: .relaxed)
            return
        }
        unheard.store(0, ordering: .relaxed)
    }
}

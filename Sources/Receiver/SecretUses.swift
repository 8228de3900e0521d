import PaymentCore
import Synchronization

/// When each of the signing secrets, by its position, last held for a webhook: tells when an old one is no longer in use. To the second, since the start.
final class SecretUses: Sendable {
    /// An atomic cannot be an array's element, so each has its box. In seconds since 1970; never used is the least number.
    private final class Slot: Sendable {
        let second: Atomic<Int64>

        init(_ second: Int64) { self.second = Atomic(second) }
    }

    private static let never = Int64.min
    private let slots: [Slot]

    /// - Parameter last: by position; nil for one that has not been used.
    init(_ last: [Instant?]) { slots = last.map { Slot($0.map { $0.milliseconds / 1_000 } ?? Self.never) } }

    /// A webhook came whose signature holds with this secret. Any thread; on the way of every webhook, so it is written only when the second has changed.
    func note(_ position: Int, at now: Instant) {
        guard slots.indices.contains(position) else { return }
        let second = now.milliseconds / 1_000
        let slot = slots[position]
        if slot.second.load(ordering: .relaxed) != second { slot.second.store(second, ordering: .relaxed) }
    }

    /// By position; nil for one that has not been used.
    var last: [Instant?] {
        slots.map { slot in
            let second = slot.second.load(ordering: .relaxed)
            return second == Self.never ? nil : Instant(milliseconds: second &* 1_000)
        }
    }
}

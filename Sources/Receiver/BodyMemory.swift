import Synchronization

/// Memory for the long bodies that all connections are collecting. The first bytes of each are its own, so that ordinary webhooks are always taken; what is beyond
/// comes out of one pool, or a thousand connections that stop just before the end of the longest body would fill the machine.
final class BodyMemory: Sendable {
    /// Bytes of each body that cost the pool nothing; PPRO's events have about 1 to 3 KB.
    static let ownBytes = 16 * 1024

    private let maximum: Int
    private let taken = Atomic(0)

    /// - Parameter maximum: bytes of the pool.
    init(maximum: Int) {
        self.maximum = maximum
    }

    /// Bytes of the pool in use.
    var takenBytes: Int { taken.load(ordering: .relaxed) }

    /// What a body of so many bytes holds of the pool.
    private static func share(_ bytes: Int) -> Int { max(0, bytes - ownBytes) }

    /// A body grows. - Returns: false when the pool has no room; then nothing has changed.
    func grow(from bytes: Int, to more: Int) -> Bool {
        let share = Self.share(more) - Self.share(bytes)
        guard share > 0 else { return true }
        if taken.add(share, ordering: .relaxed).newValue <= maximum { return true }
        taken.subtract(share, ordering: .relaxed)
        return false
    }

    /// A body of so many bytes is no longer collected.
    func release(_ bytes: Int) {
        let share = Self.share(bytes)
        if share > 0 { taken.subtract(share, ordering: .relaxed) }
    }
}

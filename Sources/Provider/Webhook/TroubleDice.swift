/// Dice for trouble on demand that remember nothing: for the same thing they fall the same way, whatever was rolled before and whenever. So a seed means the
/// same trouble in every run that makes the same requests, however long anything took.
struct TroubleDice: Sendable {
    enum Kind: UInt64, Sendable {
        case drop = 1
        case delay, reorder, duplicate, corrupt, read, write
    }

    let seed: UInt64

    /// - Parameter numbers: What it is rolled for.
    func roll(_ kind: Kind, for numbers: [Int]) -> SeededGenerator {
        var mixed = seed
        for number in numbers {
            var mixer = SeededGenerator(seed: mixed, stream: UInt64(truncatingIfNeeded: number))
            mixed = mixer.next()
        }
        return SeededGenerator(seed: mixed, stream: kind.rawValue)
    }

    /// Whether something of that probability happens.
    func happens(_ kind: Kind, _ probability: Double, for numbers: [Int]) -> Bool {
        var generator = roll(kind, for: numbers)
        return generator.chance(probability)
    }
}

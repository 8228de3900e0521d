/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same numbers on every machine and with every toolchain.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// - Parameter stream: numbers of one stream tell nothing about those of another with the same seed.
    package init(seed: UInt64, stream: UInt64) {
        var mixer = SeededGenerator(state: seed)
        state = mixer.next() ^ stream &* 0xD134_2543_DE82_EF95
    }

    private init(state: UInt64) { self.state = state }

    // Wrapping is the algorithm: all arithmetic is modulo 2^64.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in `0..<bound`; even enough for a sandbox (the bias is `bound / 2^64`).
    package mutating func below(_ bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }

    package mutating func element<Element>(of choices: [Element], or fallback: Element) -> Element {
        let index = Int(below(UInt64(choices.count)))
        return choices.indices.contains(index) ? choices[index] : fallback
    }

    /// True with that probability: never for 0, always for 1.
    package mutating func chance(_ probability: Double) -> Bool { Double(next() >> 11) / 9_007_199_254_740_992 < probability }

    /// Fisher and Yates, written out because the standard library does not promise that its own stays the same.
    package mutating func shuffle<Element>(_ items: inout [Element]) {
        for last in items.indices.dropFirst().reversed() {
            items.swapAt(last, Int(below(UInt64(last) + 1)))
        }
    }

    /// An id as PPRO's: a prefix and 21 characters.
    package mutating func id(_ prefix: String) -> String {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        return prefix + String((0..<21).map { _ in element(of: alphabet, or: "0") })
    }
}

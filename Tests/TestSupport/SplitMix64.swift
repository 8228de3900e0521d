/// A seeded generator (Steele, Lea, Flood: "Fast splittable pseudorandom number generators"), so that a failing case can be made again from its seed.
package struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// One of them.
    package mutating func pick<Element>(_ options: [Element]) -> Element { options[Int(next() % UInt64(options.count))] }

    /// True once in so many times.
    package mutating func once(in times: UInt64) -> Bool { next() % times == 0 }

    /// 0 or more, less than `count`; 0 when that is not positive.
    package mutating func one(of count: Int64) -> Int64 { count > 0 ? Int64(next() % UInt64(count)) : 0 }
}

/// What becomes of the results: it is printed at the end, so the optimizer cannot drop the work that led to them.
struct Checksum: Sendable {
    private(set) var value: UInt64 = 0

    mutating func add(_ number: some BinaryInteger) {
        // FNV's prime (http://www.isthe.com/chongo/tech/comp/fnv/).
        value = (value ^ UInt64(truncatingIfNeeded: number)) &* 0x0000_0100_0000_01B3
    }
}

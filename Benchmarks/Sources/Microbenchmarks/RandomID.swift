/// Ids as PPRO makes them: a prefix and 21 letters or digits. The same ones in every run (SplitMix64).
struct RandomID {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ prefix: String = "") -> String {
        var characters = Array(prefix.utf8)
        characters.reserveCapacity(characters.count + 21)
        for _ in 0..<21 { characters.append(Self.alphabet[Int(number() % UInt64(Self.alphabet.count))]) }
        return String(decoding: characters, as: UTF8.self)
    }

    mutating func number() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

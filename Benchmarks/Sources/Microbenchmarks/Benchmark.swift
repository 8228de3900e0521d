/// A piece of the service that can be repeated at will.
struct Benchmark: Sendable {
    let name: String
    /// The two numbers of operations whose difference is measured. The first is past all warming up: statements compiled, arrays grown.
    let few: Int
    let many: Int
    /// Does the operation so many times, after preparing what it needs. The checksum is over all results, so no operation can be left out.
    let run: @Sendable (Int) throws -> Checksum

    static let all = [verify, verifyLegacy, jsonParse, decode, identity, fold, append, notification, sign]
}

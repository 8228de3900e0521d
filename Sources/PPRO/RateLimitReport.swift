/// What PPRO says in an answer's headers about the bucket of tokens that the request drew on. Each request costs one token.
struct RateLimitReport: Sendable, Equatable {
    /// Tokens left, 0 or more (`X-RateLimit-Remaining`).
    var remaining: Int64?
    /// Tokens added a second, 1 or more (`X-RateLimit-Replenish-Rate`).
    var replenishRate: Int64?
    /// Tokens in a full bucket, 1 or more (`X-RateLimit-Burst-Capacity`).
    var burstCapacity: Int64?

    /// Above it a number is taken for nonsense; far above anything PPRO grants.
    static let maximum: Int64 = 1_000_000

    init(remaining: Int64? = nil, replenishRate: Int64? = nil, burstCapacity: Int64? = nil) {
        self.remaining = remaining
        self.replenishRate = replenishRate
        self.burstCapacity = burstCapacity
    }

    /// - Parameter header: the value of a header by its name, in whatever case. What is missing or no such number counts as not said.
    init(header: (String) -> String?) {
        func number(_ name: String, atLeast minimum: Int64) -> Int64? {
            guard let number = header(name).flatMap({ Int64($0) }), (minimum...Self.maximum).contains(number) else { return nil }
            return number
        }
        remaining = number("X-RateLimit-Remaining", atLeast: 0)
        replenishRate = number("X-RateLimit-Replenish-Rate", atLeast: 1)
        burstCapacity = number("X-RateLimit-Burst-Capacity", atLeast: 1)
    }
}

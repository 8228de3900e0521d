/// A token bucket's two numbers. PPRO's are 50 and 100 live; its sandbox has 5 a second.
package struct RateLimit: Sendable, Equatable {
    /// Tokens added a second, at least 1.
    package var perSecond: Int
    /// Tokens the bucket holds when full, at least 1.
    package var burst: Int

    /// `burst` nil: the tokens of two seconds, as PPRO's live buckets have.
    package init(perSecond: Int = 5, burst: Int? = nil) {
        self.perSecond = perSecond
        self.burst = burst ?? perSecond * 2
    }
}

/// Spreads waits so that what failed together does not come back together.
enum Jitter {
    /// At most a fifth is added.
    static let share = 0.2
    /// No wait here is longer than 30 days: clamped before the conversion from Double, which would trap.
    static let maximumMilliseconds: Int64 = 30 * 86_400_000

    /// `milliseconds` lengthened by 0 to 20 %; `jitter` is 0..<1, anything else counts as the nearest end.
    static func lengthen(_ milliseconds: Int64, by jitter: Double) -> Int64 {
        let clamped = min(max(milliseconds, 0), maximumMilliseconds)
        let dice = jitter > 0 ? min(jitter, 1) : 0  // also NaN: no comparison holds for it
        return clamped + Int64(Double(clamped) * share * dice)
    }
}

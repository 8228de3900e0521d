/// What brought a charge to its new state; decides when PPRO is asked about it next.
package enum ChargeNews: Int, Sendable, Comparable {
    /// An answer of PPRO's: asked again only if the charge is overdue all the same, and later each time.
    case answer
    /// A webhook that fits what was known: asked when the charge is overdue.
    case webhook
    /// A webhook that contradicts what was known: asked at once.
    case anomaly

    package static func < (a: ChargeNews, b: ChargeNews) -> Bool { a.rawValue < b.rawValue }
}

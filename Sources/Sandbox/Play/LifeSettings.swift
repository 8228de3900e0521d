import PaymentCore
import Provider

/// What all lives of one play have in common. The same settings give the same bodies, byte for byte.
struct LifeSettings: Sendable {
    var seed: UInt64
    /// Dealt out in turn; never empty.
    var outcomes: [LifeOutcome]
    /// ISO 4217 code.
    var currency: String
    /// Minor units; nil: each charge its own, within what every Jenius Pay consumer may spend.
    var amount: Int64?
    /// Orders are named `<prefix>-1`, `<prefix>-2`, ….
    var orderPrefix: String
    /// The lives' last events happen within the minute before.
    var end: Instant

    /// The source of every event, as PPRO's published examples have it.
    static let source = "https://www.ppro.com"

    func outcome(ofLife index: Int) -> LifeOutcome { outcomes.isEmpty ? .paid : outcomes[index % outcomes.count] }

    func orderReference(ofLife index: Int) -> String { "\(orderPrefix)-\(index + 1)" }

    func amount(using generator: inout SeededGenerator) -> Money {
        // From IDR 10,000.00 in steps of IDR 1,000.00 up to IDR 2,000,000.00, the most that a consumer without KYC may pay.
        let chosen = Int64(10 + generator.below(1991)) * 100_000
        return Money(value: amount ?? chosen, currency: currency)
    }
}

/// An amount in the currency's ISO 4217 minor unit, as PPRO sends it.
package struct Money: Sendable, Equatable {
    package var value: Int64
    /// ISO 4217 code, e.g. `IDR`.
    package var currency: String

    package init(value: Int64, currency: String) {
        self.value = value
        self.currency = currency
    }
}

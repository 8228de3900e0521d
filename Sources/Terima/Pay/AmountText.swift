import PaymentCore

/// Amounts as a person types them: `10000.00`.
enum AmountText {
    enum Failure: Error {
        /// Something else than digits, then at most a point and as many decimals as the currency has. Commas are refused: in half of the world they are the
        /// point.
        case noAmount
        /// More minor units than 64 bits hold.
        case tooLarge
    }

    /// Minor units of the currency, exactly.
    static func parse(_ text: String, currency: String) throws(Failure) -> Int64 {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let decimals = Currency.decimals(currency)
        guard let whole = parts.first, !whole.isEmpty, parts.count <= 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
            throw .noAmount
        }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || fraction.utf8.count == decimals, parts.count == 1 || decimals > 0 else { throw .noAmount }
        guard let value = Int64(whole + fraction + String(repeating: "0", count: decimals - fraction.utf8.count)) else { throw .tooLarge }
        return value
    }
}

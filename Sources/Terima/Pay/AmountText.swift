import PaymentCore

/// Amounts as a person types them: `10000.00`.
enum AmountText {
    /// Minor units of the currency, exactly; nil unless the text is digits, then at most a point and as many decimals as the currency has. Commas are refused:
    /// in half of the world they are the point.
    static func parse(_ text: String, currency: String) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let decimals = Currency.decimals(currency)
        guard let whole = parts.first, !whole.isEmpty, parts.count <= 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
            return nil
        }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || fraction.utf8.count == decimals, parts.count == 1 || decimals > 0 else { return nil }
        return Int64(whole + fraction + String(repeating: "0", count: decimals - fraction.utf8.count))
    }
}

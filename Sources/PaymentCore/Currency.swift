/// How many decimals a currency's minor unit has (ISO 4217, list one), and amounts written for people.
package enum Currency {
    /// Decimals of the minor unit: 2 for most currencies and for every code that is not in the list.
    package static func decimals(_ code: String) -> Int {
        switch code {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF": 0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        case "CLF", "UYW": 4
        default: 2
        }
    }

    /// `IDR 10,000.00`, `JPY 100`, `IDR -0.05`: code, thousands apart, exactly the currency's decimals. For display only.
    package static func format(_ money: Money) -> String {
        let decimals = decimals(money.currency)
        var digits = Array(String(money.value.magnitude))
        if digits.count <= decimals {
            digits.insert(contentsOf: repeatElement("0", count: decimals + 1 - digits.count), at: 0)
        }
        let whole = digits.dropLast(decimals)
        var text = money.currency + (money.value < 0 ? " -" : " ")
        for (position, digit) in whole.enumerated() {
            if position > 0, (whole.count - position).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        if decimals > 0 { text += "." + String(digits.suffix(decimals)) }
        return text
    }
}

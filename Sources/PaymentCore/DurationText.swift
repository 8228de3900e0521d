/// Durations as an operator writes them: a whole number and a unit, `250ms`, `15s`, `5m`, `72h`, `30d`.
package enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Milliseconds; nil unless `text` is exactly digits followed by `ms`, `s`, `m`, `h` or `d` and fits into Int64.
    package static func parse(_ text: String) -> Int64? {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        let unit = text.utf8.dropFirst(digits.count)
        guard let factor = units.first(where: { $0.name.utf8.elementsEqual(unit) })?.milliseconds,
            let number = Int64(Substring(digits))
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// The shortest exact text in one unit: 90000 is `90s`, 60000 is `1m`. `parse` gives the same number back (for negative ones there is no such text).
    /// Whole days are written in hours up to three days, because that is how people say `24h` and `72h`.
    package static func format(_ milliseconds: Int64) -> String {
        let hoursUpTo: UInt64 = 3 * 86_400_000
        for unit in units.reversed() where milliseconds != 0 && milliseconds % unit.milliseconds == 0 {
            if unit.name == "d" && milliseconds.magnitude <= hoursUpTo { continue }
            return "\(milliseconds / unit.milliseconds)\(unit.name)"
        }
        return "0s"
    }
}

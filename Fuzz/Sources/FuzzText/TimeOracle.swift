/// RFC 3339 once more, by counting: the text is put together again from its numbers, and days are added up year by year and month by month.
enum TimeOracle {
    /// Milliseconds since 1970; nil for what is no time.
    static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, let numbers = numbers(bytes, at: [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19]) else { return nil }
        let separators = [4: "-", 7: "-", 10: "Tt", 13: ":", 16: ":"]
        for (place, allowed) in separators where !allowed.utf8.contains(bytes[place]) { return nil }
        let (year, month, day, hour, minute, second) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
        guard let (fraction, offset) = tail(Array(bytes[19...])) else { return nil }
        guard 1...12 ~= month, 1...length(year, month) ~= day, hour < 24, minute < 60, second <= 60 else { return nil }

        var days = 0
        for year in min(year, 1970)..<max(year, 1970) { days += isLeap(year) ? 366 : 365 }
        if year < 1970 { days = -days }
        for earlier in 1..<month { days += length(year, earlier) }
        let minutes = ((days + day - 1) * 24 + hour) * 60 + minute - offset
        guard second == 60 else { return Int64((minutes * 60 + second) * 1000 + fraction) }
        // A leap second is the last one of a day in UTC.
        return (minutes + 1) % 1440 == 0 ? Int64((minutes + 1) * 60_000 - 1) : nil
    }

    /// Milliseconds of the fraction and minutes east of UTC.
    private static func tail(_ bytes: [UInt8]) -> (Int, Int)? {
        var fraction = 0
        var rest = bytes[...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (48...57).contains($0) }
            guard 1...9 ~= digits.count else { return nil }
            fraction = Int(String(decoding: digits, as: UTF8.self).padding(to: 9).prefix(3)) ?? 0
            rest = rest.dropFirst(1 + digits.count)
        }
        let zone = Array(rest)
        if zone == Array("Z".utf8) || zone == Array("z".utf8) { return (fraction, 0) }
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"), let numbers = numbers(zone, at: [1..<3, 4..<6]), numbers[0] < 24, numbers[1] < 60 else { return nil }
        switch zone[0] {
        case UInt8(ascii: "+"): return (fraction, numbers[0] * 60 + numbers[1])
        case UInt8(ascii: "-"): return (fraction, -numbers[0] * 60 - numbers[1])
        default: return nil
        }
    }

    private static func isLeap(_ year: Int) -> Bool { year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) }

    private static func length(_ year: Int, _ month: Int) -> Int {
        [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    private static func numbers(_ bytes: [UInt8], at places: [Range<Int>]) -> [Int]? {
        let numbers = places.compactMap { place in
            bytes[place].allSatisfy { (48...57).contains($0) } ? Int(String(decoding: bytes[place], as: UTF8.self)) : nil
        }
        return numbers.count == places.count ? numbers : nil
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: "0", count: width - utf8.count) }
}

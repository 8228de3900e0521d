/// The three date forms of HTTP (RFC 9110 section 5.6.7). All are UTC with whole seconds.
///
///     Sun, 06 Nov 1994 08:49:37 GMT    the form senders must use
///     Sunday, 06-Nov-94 08:49:37 GMT   RFC 850
///     Sun Nov  6 08:49:37 1994         C's asctime
///
/// The name of the day must be one, but it is not held against the date: the date is what counts.
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let longDays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// nil unless `text` is exactly one of the three forms and a date that exists. `now` decides the century of the two-digit form.
    static func parse(_ text: String, now: Instant) -> Instant? {
        // `\r\n` is one Character, so everything that compares below compares single ASCII characters or fails.
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        return fixed(parts) ?? rfc850(parts, now: now) ?? asctime(parts)
    }

    private static func fixed(_ parts: [Substring]) -> Instant? {
        guard parts.count == 6, parts[0].last == ",", isShortDay(parts[0].dropLast()), parts[5] == "GMT" else { return nil }
        return instant(year: digits(parts[3], count: 4), month: parts[2], day: digits(parts[1], count: 2), time: parts[4])
    }

    private static func rfc850(_ parts: [Substring], now: Instant) -> Instant? {
        guard parts.count == 4, parts[0].last == ",", longDays.contains(where: { $0 == parts[0].dropLast() }), parts[3] == "GMT" else { return nil }
        let date = parts[1].split(separator: "-", omittingEmptySubsequences: false)
        guard date.count == 3, let shortYear = digits(date[2], count: 2), let thisYear = digits(now.iso8601.prefix(4), count: 4) else { return nil }
        // "more than 50 years in the future" is the most recent year in the past with the same digits.
        let sameCentury = thisYear - thisYear % 100 + shortYear
        let candidates = [sameCentury + 100, sameCentury, sameCentury - 100]
        let year = candidates.first { $0 <= thisYear + 50 }
        return instant(year: year, month: date[1], day: digits(date[0], count: 2), time: parts[2])
    }

    private static func asctime(_ parts: [Substring]) -> Instant? {
        guard let first = parts.first, isShortDay(first) else { return nil }
        // A day below 10 is padded with a second space, which makes an empty part.
        if parts.count == 6, parts[2].isEmpty {
            return instant(year: digits(parts[5], count: 4), month: parts[1], day: digits(parts[3], count: 1), time: parts[4])
        }
        guard parts.count == 5 else { return nil }
        return instant(year: digits(parts[4], count: 4), month: parts[1], day: digits(parts[2], count: 2), time: parts[3])
    }

    /// Goes through ISO 8601, so that there is one calendar in terima and one place that knows which dates exist.
    private static func instant(year: Int?, month: Substring, day: Int?, time: Substring) -> Instant? {
        guard let year, let day, let month = months.firstIndex(where: { $0 == month }), time.utf8.count == 8 else { return nil }
        return Instant(iso8601: "\(padded(year, 4))-\(padded(month + 1, 2))-\(padded(day, 2))T\(time)Z")
    }

    private static func isShortDay(_ name: Substring) -> Bool {
        longDays.contains { $0.prefix(3) == name }
    }

    private static func digits(_ text: Substring, count: Int) -> Int? {
        guard text.utf8.count == count, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(width - text.utf8.count, 0)) + text
    }
}

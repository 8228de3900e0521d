extension Instant {
    /// Reads an RFC 3339 date and time: `2026-06-03T11:23:47.123Z`, `2026-06-03t18:23:47+07:00`.
    ///
    /// Every field has its fixed width and its range, days by month and leap year. Up to nine digits of a fraction are read and cut to milliseconds.
    /// A leap second (`:60`, only as the last second of a UTC day) becomes the last millisecond before it. Nil for anything else.
    package init?(iso8601 text: String) {
        let utf8 = text.utf8
        let bytes = utf8.span
        var at = 0
        guard let date = Instant.date(bytes, &at), Instant.next(bytes, &at).map({ $0 | 0x20 }) == UInt8(ascii: "t"),
            let time = Instant.timeOfDay(bytes, &at), let fraction = Instant.fraction(bytes, &at), let offset = Instant.offset(bytes, &at),
            at == bytes.count
        else { return nil }
        let isLeapSecond = time.second == 60
        let minutes = Int64(date * 24 * 60 + time.hour * 60 + time.minute - offset)
        if isLeapSecond, Instant.remainder(minutes, 24 * 60) != 24 * 60 - 1 { return nil }
        let seconds = minutes * 60 + Int64(isLeapSecond ? 59 : time.second)
        self.init(milliseconds: seconds * 1000 + Int64(isLeapSecond ? 999 : fraction))
    }

    /// In UTC with milliseconds, `2026-06-03T11:23:47.123Z`. The form has four digits for the year: what lies outside the years 0 to 9999 is shown as their first
    /// or last millisecond.
    package var iso8601: String {
        let inRange = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
        let ofDay = Int(Instant.remainder(inRange, 86_400_000))
        let date = Instant.civil(day: Int((inRange - Int64(ofDay)) / 86_400_000))
        var text: [UInt8] = []
        text.reserveCapacity(24)
        func append(_ number: Int, width: Int, then separator: Unicode.Scalar) {
            var divisor = width == 4 ? 1000 : width == 3 ? 100 : 10
            while divisor > 0 {
                text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
                divisor /= 10
            }
            text.append(UInt8(ascii: separator))
        }
        append(date.year, width: 4, then: "-")
        append(date.month, width: 2, then: "-")
        append(date.day, width: 2, then: "T")
        append(ofDay / 3_600_000, width: 2, then: ":")
        append(ofDay / 60_000 % 60, width: 2, then: ":")
        append(ofDay / 1000 % 60, width: 2, then: ".")
        append(ofDay % 1000, width: 3, then: "Z")
        return String(decoding: text, as: UTF8.self)
    }
}

extension Instant {
    /// Days since 1970-01-01.
    private static func date(_ text: Span<UInt8>, _ at: inout Int) -> Int? {
        guard let year = number(4, of: text, &at), next(text, &at) == UInt8(ascii: "-"), let month = number(2, of: text, &at), (1...12).contains(month),
            next(text, &at) == UInt8(ascii: "-"), let day = number(2, of: text, &at), (1...days(in: month, of: year)).contains(day)
        else { return nil }
        // Years that begin in March put the leap day last: 153 days to five months, 365.2425 to a year.
        let shifted = month > 2 ? year : year - 1
        let era = (shifted - remainder(shifted, 400)) / 400
        let yearOfEra = remainder(shifted, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let dayOfEra = remainder(shifted, 146_097)
        let era = (shifted - dayOfEra) / 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func timeOfDay(_ text: Span<UInt8>, _ at: inout Int) -> (hour: Int, minute: Int, second: Int)? {
        guard let (hour, minute) = hourAndMinute(text, &at), next(text, &at) == UInt8(ascii: ":"), let second = number(2, of: text, &at), second <= 60
        else { return nil }
        return (hour, minute, second)
    }

    private static func hourAndMinute(_ text: Span<UInt8>, _ at: inout Int) -> (hour: Int, minute: Int)? {
        guard let hour = number(2, of: text, &at), hour < 24, next(text, &at) == UInt8(ascii: ":"), let minute = number(2, of: text, &at), minute < 60
        else { return nil }
        return (hour, minute)
    }

    /// Milliseconds of the optional fraction.
    private static func fraction(_ text: Span<UInt8>, _ at: inout Int) -> Int? {
        guard at < text.count, text[at] == UInt8(ascii: ".") else { return 0 }
        at += 1
        let start = at
        var milliseconds = 0
        while let digit = digitValue(text, at) {
            if at - start < 3 { milliseconds = milliseconds * 10 + digit }
            at += 1
        }
        switch at - start {
        case 1: return milliseconds * 100
        case 2: return milliseconds * 10
        case 3...9: return milliseconds
        default: return nil
        }
    }

    /// Minutes east of UTC.
    private static func offset(_ text: Span<UInt8>, _ at: inout Int) -> Int? {
        switch next(text, &at) {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): return 0
        case UInt8(ascii: "+"): return hourAndMinute(text, &at).map { $0.hour * 60 + $0.minute }
        case UInt8(ascii: "-"): return hourAndMinute(text, &at).map { -($0.hour * 60 + $0.minute) }
        default: return nil
        }
    }

    /// Exactly `width` ASCII digits.
    private static func number(_ width: Int, of text: Span<UInt8>, _ at: inout Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let digit = digitValue(text, at) else { return nil }
            value = value * 10 + digit
            at += 1
        }
        return value
    }

    /// The digit that is there, if one is.
    private static func digitValue(_ text: Span<UInt8>, _ at: Int) -> Int? {
        guard at < text.count, text[at] &- UInt8(ascii: "0") < 10 else { return nil }
        return Int(text[at] & 0x0F)
    }

    /// The byte that is there, moving on behind it; nil at the end.
    private static func next(_ text: Span<UInt8>, _ at: inout Int) -> UInt8? {
        guard at < text.count else { return nil }
        defer { at += 1 }
        return text[at]
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// What is left of the division rounded down: never negative for a positive divisor.
    private static func remainder<Number: SignedInteger>(_ dividend: Number, _ divisor: Number) -> Number {
        let remainder = dividend % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}

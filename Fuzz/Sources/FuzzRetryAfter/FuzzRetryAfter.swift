import Fuzzing
import PaymentCore

@main struct FuzzRetryAfter {
    static func main() { Fuzzer.run { check($0) } }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// Input: the value of the header; its first bytes are also a moment that is written down as a date.
    private static func check(_ input: [UInt8]) {
        wait(String(decoding: input, as: UTF8.self))
        let number = input.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // From 1970 to the year 9999.
        written(Instant(milliseconds: Int64(number % 253_402_300_800) * 1000), day: days[Int(number % 7)])
    }

    private static func wait(_ text: String) {
        let (now, limit) = (Instant(milliseconds: 1_780_485_827_123), RetrySchedule.retryAfterLimitMilliseconds)
        for edge in [now, Instant(milliseconds: .min), Instant(milliseconds: .max)] {
            if let wait = RetryAfter.parse(text, now: edge) { expect((0...limit).contains(wait), "a wait is within the limit") }
        }
        let wait = RetryAfter.parse(text, now: now)
        expect(RetryAfter.parse(" \t\(text)\t ", now: now) == wait, "space around a value says nothing")
        if !text.isEmpty, text.asciiDigits.utf8.elementsEqual(text.utf8) {
            expect(wait == (Int64(text).map { min($0, limit / 1000) * 1000 } ?? limit), "seconds are seconds")
        }
        // `Wed, 03 Jun 2026 11:23:47 GMT`
        let parts = Array(text.utf8)
        guard parts.count == 29, parts[16] == 0x20 else { return }
        let part = { (range: Range<Int>) in String(decoding: parts[range], as: UTF8.self) }
        guard let month = months.firstIndex(where: { $0.utf8.elementsEqual(parts[8..<11]) }),
            days.contains(where: { text.utf8.starts(with: ($0 + ", ").utf8) }), parts[7] == 0x20,
            parts[11] == 0x20, part(25..<29).utf8.elementsEqual(" GMT".utf8)
        else { return }
        let date = TimeOracle.milliseconds("\(part(12..<16))-\(month < 9 ? "0" : "")\(month + 1)-\(part(5..<7))T\(part(17..<25))Z")
        expect(wait == date.map { min(max($0 - now.milliseconds, 0), limit) }, "a date is that date")
    }

    /// The form that is sent today and C's old one mean the same moment, in whatever hour they are read.
    private static func written(_ moment: Instant, day: String) {
        let parts = Array(moment.iso8601.utf8)
        let part = { (range: Range<Int>) in String(decoding: parts[range], as: UTF8.self) }
        guard let month = Int(part(5..<7)), months.indices.contains(month - 1) else { return expect(false, "a moment has a month") }
        let dayOfMonth = part(8..<10)
        let padded = dayOfMonth.hasPrefix("0") ? " " + dayOfMonth.dropFirst() : dayOfMonth
        let today = "\(day), \(dayOfMonth) \(months[month - 1]) \(part(0..<4)) \(part(11..<19)) GMT"
        let old = "\(day) \(months[month - 1]) \(padded) \(part(11..<19)) \(part(0..<4))"
        let limit = RetrySchedule.retryAfterLimitMilliseconds
        for delay in [-1, 0, 1, 999, 1000, limit - 1, limit, limit + 1, .max] {
            let now = moment.advanced(byMilliseconds: -delay)
            let expected = min(max(moment.milliseconds(since: now), 0), limit)
            expect(RetryAfter.parse(today, now: now) == expected, "a date that was written means that moment")
            expect(RetryAfter.parse(old, now: now) == expected, "and so does its old form")
        }
    }
}

extension String {
    /// The digits it begins with.
    fileprivate var asciiDigits: String { String(decoding: utf8.prefix { (48...57).contains($0) }, as: UTF8.self) }
}

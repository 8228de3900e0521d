import Fuzzing
import PaymentCore

@main struct FuzzText {
    static func main() { Fuzzer.run { check($0) } }

    /// Input: one of the small texts that come from outside or from the operator; for patterns, a line with the pattern and a line with a type.
    private static func check(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        time(text)
        duration(text)
        schedule(text)
        wait(text)
        pattern(input)
        encodings(input, text)
        // Two numbers that are not texts of the fuzzer's own making.
        let number = input.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        for milliseconds in [Int64(bitPattern: number), Int64(number >> 17)] { written(milliseconds) }
    }

    private static let formLimits: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    private static func time(_ text: String) {
        let instant = Instant(iso8601: text)
        expect(instant?.milliseconds == TimeOracle.milliseconds(text), "reader and oracle agree on a time")
        if let instant { written(instant.milliseconds) }
    }

    private static func written(_ milliseconds: Int64) {
        let limited = min(max(milliseconds, formLimits.lowerBound), formLimits.upperBound)
        expect(Instant(iso8601: Instant(milliseconds: milliseconds).iso8601)?.milliseconds == limited, "a time that was written comes back")
        let duration = DurationText.format(milliseconds)
        if milliseconds >= 0 { expect(DurationText.parse(duration) == milliseconds, "a duration that was written comes back") }
    }

    private static func duration(_ text: String) {
        let units: [String: Int128] = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        var expected: Int64?
        for (name, factor) in units where text.utf8.elementsEqual((text.asciiDigits + name).utf8) {
            if let number = UInt64(text.asciiDigits) { expected = Int64(exactly: Int128(number) * factor) }
        }
        let parsed = DurationText.parse(text)
        expect(parsed == expected, "a duration is its number times its unit")
        if let parsed { expect(DurationText.parse(DurationText.format(parsed)) == parsed, "a duration that was read comes back") }
    }

    private static func schedule(_ text: String) {
        guard let schedule = RetrySchedule(text) else { return }
        expect(RetrySchedule(schedule.text) == schedule, "a schedule comes back")
        expect((1...100).contains(schedule.delays.count) && schedule.delays.allSatisfy { $0 > 0 }, "a schedule is bounded")
        for attempt in [Int.min, 0, 1, schedule.delays.count, schedule.delays.count + 1, .max] {
            for now in [Int64.min, 0, .max] {
                let next = schedule.nextAttempt(afterAttempt: attempt, at: Instant(milliseconds: now), jitter: 0.999, retryAfter: .max)
                expect((next != nil) == (attempt <= schedule.delays.count), "so many attempts as delays, and one")
                guard let next else { continue }
                let wait = next.milliseconds(since: Instant(milliseconds: now))
                expect(now == .max ? wait == 0 : (1...schedule.longestWaitMilliseconds).contains(wait), "a wait is bounded and never backwards")
            }
        }
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
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map { Array($0.utf8) }
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let part = { (range: Range<Int>) in String(decoding: parts[range], as: UTF8.self) }
        guard let month = months.firstIndex(of: Array(parts[8..<11])), days.contains(where: { text.utf8.starts(with: ($0 + ", ").utf8) }), parts[7] == 0x20,
            parts[11] == 0x20, part(25..<29).utf8.elementsEqual(" GMT".utf8)
        else { return }
        let date = TimeOracle.milliseconds("\(part(12..<16))-\(month < 9 ? "0" : "")\(month + 1)-\(part(5..<7))T\(part(17..<25))Z")
        expect(wait == date.map { min(max($0 - now.milliseconds, 0), limit) }, "a date is that date")
    }

    private static func pattern(_ input: [UInt8]) {
        let lines = input.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        let text = String(decoding: lines[0], as: UTF8.self)
        guard let pattern = EventPattern(text) else { return }
        expect(pattern.description.utf8.elementsEqual(text.utf8), "a pattern is its text")
        let type = String(decoding: lines.count > 1 ? lines[1].prefix(200) : [], as: UTF8.self)
        expect(pattern.matches(type) == matches(Array(text.utf8), Array(type.utf8)), "pattern and table agree")
        if !text.utf8.contains(UInt8(ascii: "*")) { expect(pattern.matches(text), "a type matches itself") }
    }

    /// By the table of all beginnings of the type: `row[n]` tells whether the pattern so far matches its first n bytes.
    private static func matches(_ pattern: [UInt8], _ type: [UInt8]) -> Bool {
        var row = [true] + type.map { _ in false }
        for byte in pattern {
            var next = row.map { _ in false }
            for place in row.indices {
                if byte == UInt8(ascii: "*") {
                    next[place] = row[place] || (place > 0 && next[place - 1])
                } else if place > 0 {
                    next[place] = row[place - 1] && type[place - 1] == byte
                }
            }
            row = next
        }
        return row[type.count]
    }

    private static func encodings(_ input: [UInt8], _ text: String) {
        expect(Hex.decode(Hex.encode(input)) == input, "bytes in base 16 come back")
        expect(Base64.decode(Base64.encode(input)) == input, "bytes in base 64 come back")
        if let bytes = Hex.decode(input) {
            let lower = input.map { (65...70).contains($0) ? $0 + 32 : $0 }
            expect(Array(Hex.encode(bytes).utf8) == lower, "base 16 is one text for some bytes, in either case")
        }
        if let bytes = Base64.decode(input) { expect(Array(Base64.encode(bytes).utf8) == input, "base 64 is one text for some bytes") }
        let key = text.utf8.starts(with: "whsec_".utf8) ? Base64.decode(text.utf8.dropFirst(6)) : nil
        let secret = EndpointSecret(text)
        expect((secret != nil) == (key.map { (24...64).contains($0.count) } ?? false), "a secret has 24 to 64 bytes")
        if let secret { expect(secret.exposed.utf8.elementsEqual(text.utf8) && !"\(secret)".contains(text), "a secret shows when asked, and only then") }
        for (one, other) in [(input, input), (input, input + [0]), (input, input.reversed())] {
            expect(ConstantTime.areEqual(one, other) == (one == other), "equal is equal")
        }
    }
}

extension String {
    /// The digits it begins with.
    fileprivate var asciiDigits: String { String(decoding: utf8.prefix { (48...57).contains($0) }, as: UTF8.self) }
}

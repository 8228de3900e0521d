import Fuzzing
import PaymentCore

@main struct FuzzConfiguration {
    static func main() { Fuzzer.run { check($0) } }

    /// Input: one value as an operator may write it; for patterns, a line with the pattern and a line with a type.
    private static func check(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        duration(text)
        schedule(text)
        pattern(input)
        secret(text)
        address(text)
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

    private static func secret(_ text: String) {
        let key = text.utf8.starts(with: "whsec_".utf8) ? Base64.decode(text.utf8.dropFirst(6)) : nil
        let secret = EndpointSecret(text)
        expect((secret != nil) == (key.map { (24...64).contains($0.count) } ?? false), "a secret has 24 to 64 bytes")
        if let secret { expect(secret.exposed.utf8.elementsEqual(text.utf8) && !"\(secret)".contains(text), "a secret shows when asked, and only then") }
    }

    private static func address(_ text: String) {
        guard let address = ListenAddress(text) else { return }
        expect(ListenAddress(address.description) == address, "an address that was written comes back")
        expect((0...65_535).contains(address.port) && !address.host.isEmpty, "an address has a host and a port")
        expect(address.host.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a host can be printed and logged")
        expect(text.utf8.last.map { (48...57).contains($0) } == true, "an address ends with its port")
    }
}

extension String {
    /// The digits it begins with.
    fileprivate var asciiDigits: String { String(decoding: utf8.prefix { (48...57).contains($0) }, as: UTF8.self) }
}

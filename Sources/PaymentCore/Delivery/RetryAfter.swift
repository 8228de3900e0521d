/// Reads the `Retry-After` header (RFC 9110 section 10.2.3): seconds, or a date in any of the three forms a recipient must accept (section 5.6.7).
package enum RetryAfter {
    /// Milliseconds from `now`, 0 to 24 h: longer is cut to 24 h, a date that has passed is 0. nil for anything else, a negative number too.
    package static func parse(_ value: String, now: Instant) -> Int64? {
        let limit = RetrySchedule.retryAfterLimitMilliseconds
        let text = trimmed(value)
        guard !text.isEmpty else { return nil }
        if text.allSatisfy(isDigit) {
            // Digits that do not fit are a very long time, not garbage.
            guard let seconds = Int64(String(decoding: text, as: UTF8.self)) else { return limit }
            return min(seconds, limit / 1000) * 1000
        }
        guard let instant = HTTPDate.parse(String(decoding: text, as: UTF8.self), now: now) else { return nil }
        return min(max(instant.milliseconds(since: now), 0), limit)
    }

    /// Without the optional white space that a header's value may have around it.
    private static func trimmed(_ value: String) -> ArraySlice<UInt8> {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        var bytes = Array(value.utf8).drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

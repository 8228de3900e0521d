extension JSONScanner {
    /// Reads `-? int frac? exp?` of RFC 8259 section 6. What follows is checked by whoever goes on, so `01` and `1x` fail there.
    mutating func scanNumber(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = offset
        var isInteger = true
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        if at < bytes.count, bytes[at] == UInt8(ascii: "0") {
            at += 1
            // Named as what it is: a leading zero, not some stray byte.
            if at < bytes.count, isDigit(bytes[at]) { throw failure(.invalidNumber) }
        } else {
            try scanDigits(bytes)
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            isInteger = false
            at += 1
            try scanDigits(bytes)
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            try scanDigits(bytes)
        }
        append(.number, from: start, isPlain: isInteger)
    }

    /// At least one digit.
    private mutating func scanDigits(_ bytes: Span<UInt8>) throws(JSONError) {
        guard at < bytes.count else { throw failure(.unexpectedEnd) }
        guard isDigit(bytes[at]) else { throw failure(.invalidNumber) }
        repeat { at += 1 } while at < bytes.count && isDigit(bytes[at])
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}

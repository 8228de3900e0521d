extension JSONScanner {
    /// Reads a string from its opening quote, checking escapes and UTF-8; nothing is unescaped yet.
    mutating func scanString(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = offset
        var isPlain = true
        at += 1
        while true {
            skipPlainText(bytes)
            guard at < bytes.count else { throw failure(.unexpectedEnd) }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                append(.string, from: start, isPlain: isPlain)
                return
            case UInt8(ascii: "\\"):
                isPlain = false
                try scanEscape(bytes)
            case 0x00..<0x20:
                throw failure(.controlCharacter)
            case 0x80...:
                try scanMultibyteScalar(bytes)
            default:
                at += 1
            }
        }
    }

    /// Moves over ASCII that stands for itself, eight bytes a step: bodies are mostly this.
    private mutating func skipPlainText(_ bytes: Span<UInt8>) {
        let raw = bytes.bytes
        while at + 8 <= bytes.count {
            let word = raw.word(at: at)
            let stops = JSONPlainText.stops(in: word) | word & JSONPlainText.highs
            if stops != 0 {
                at += stops.trailingZeroBitCount / 8
                return
            }
            at += 8
        }
    }

    private mutating func scanEscape(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = at
        at += 1
        guard at < bytes.count else { throw failure(.unexpectedEnd) }
        switch bytes[at] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"),
            UInt8(ascii: "t"):
            at += 1
        case UInt8(ascii: "u"):
            at += 1
            let unit = try scanCodeUnit(bytes)
            guard unit & 0xF800 == 0xD800 else { return }
            let isFollowed = at + 1 < bytes.count && bytes[at] == UInt8(ascii: "\\") && bytes[at + 1] == UInt8(ascii: "u")
            guard unit < 0xDC00, isFollowed else { throw JSONError(offset: start, reason: .loneSurrogate) }
            at += 2
            guard try scanCodeUnit(bytes) & 0xFC00 == 0xDC00 else { throw JSONError(offset: start, reason: .loneSurrogate) }
        default:
            throw failure(.invalidEscape)
        }
    }

    private mutating func scanCodeUnit(_ bytes: Span<UInt8>) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard at < bytes.count else { throw failure(.unexpectedEnd) }
            guard let digit = Hex.value(of: bytes[at]) else { throw failure(.invalidEscape) }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }

    /// One scalar of two to four bytes, as the Unicode standard's table 3-7 has them: no overlong form, no surrogate, nothing above U+10FFFF.
    private mutating func scanMultibyteScalar(_ bytes: Span<UInt8>) throws(JSONError) {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch bytes[at] {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw failure(.invalidUTF8)
        }
        guard at + length <= bytes.count, second.contains(bytes[at + 1]) else { throw failure(.invalidUTF8) }
        for index in at + 2..<max(at + 2, at + length) where bytes[index] & 0xC0 != 0x80 { throw failure(.invalidUTF8) }
        at += length
    }
}

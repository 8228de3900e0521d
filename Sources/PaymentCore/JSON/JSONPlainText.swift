/// Finds what cannot stand for itself in a JSON string (RFC 8259 section 7): quotes, backslashes and control characters. Eight bytes a step, because texts are
/// mostly without.
enum JSONPlainText {
    /// The high bit of the first byte of `word` that is a quote, a backslash or below 0x20, with the first byte lowest; 0 when there is none. Bits above that one
    /// mean nothing.
    static func stops(in word: UInt64) -> UInt64 {
        // Each term sets the high bit of such a byte. A borrow can set it falsely, but only above a true one.
        let control = (word &- ones &* 0x20) & ~word
        let quote = ((word ^ ones &* 0x22) &- ones) & ~(word ^ ones &* 0x22)
        let backslash = ((word ^ ones &* 0x5C) &- ones) & ~(word ^ ones &* 0x5C)
        return (control | quote | backslash) & highs
    }

    /// Whether all of it stands for itself.
    static func holds(_ text: RawSpan) -> Bool {
        let count = text.byteCount
        var at = 0
        while at + 8 <= count {
            if stops(in: text.word(at: at)) != 0 { return false }
            at += 8
        }
        if count >= 8 { return stops(in: text.word(at: count - 8)) == 0 }
        while at < count {
            // Seven letters beside the byte that matters.
            if stops(in: letters | UInt64(text.byte(at: at))) != 0 { return false }
            at += 1
        }
        return true
    }

    /// The high bit of each byte.
    static let highs: UInt64 = 0x8080_8080_8080_8080
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let letters: UInt64 = 0x6161_6161_6161_6100
}

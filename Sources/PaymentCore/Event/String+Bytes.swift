/// Swift compares strings by canonical equivalence ("é" is "e\u{301}"); identities, ids and PPRO's words are told apart by their bytes, as SQLite does.
extension String {
    package func hasSameBytes(as other: String) -> Bool {
        let (mine, theirs) = (utf8, other.utf8)
        return mine.span.bytes.hasSameBytes(as: theirs.span.bytes)
    }

    /// Whether it begins with the bytes of `other`.
    func beginsWithBytes(of other: String) -> Bool {
        let (mine, theirs) = (utf8, other.utf8)
        return mine.span.bytes.extracting(first: theirs.count).hasSameBytes(as: theirs.span.bytes)
    }

    /// A total order that agrees with `hasSameBytes`.
    func precedesByBytes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

extension RawSpan {
    /// Eight bytes a step.
    func hasSameBytes(as other: RawSpan) -> Bool {
        let count = byteCount
        guard count == other.byteCount else { return false }
        var at = 0
        while at + 8 <= count {
            if word(at: at) != other.word(at: at) { return false }
            at += 8
        }
        if count >= 8 { return word(at: count - 8) == other.word(at: count - 8) }
        while at < count {
            if byte(at: at) != other.byte(at: at) { return false }
            at += 1
        }
        return true
    }

    /// The eight bytes from `offset` on, the first of them lowest.
    func word(at offset: Int) -> UInt64 { UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)) }

    func byte(at offset: Int) -> UInt8 { unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self) }
}

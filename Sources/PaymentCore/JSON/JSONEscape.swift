/// Resolves the escapes of strings that a `JSONScanner` has already found right.
enum JSONEscape {
    static func text(of node: JSONNode, in source: [UInt8]) -> String {
        let content = source[node.content]
        return node.isPlain ? String(decoding: content, as: UTF8.self) : String(decoding: resolved(content), as: UTF8.self)
    }

    /// - Parameter content: the bytes between the quotes.
    /// - Returns: the text as UTF-8.
    static func resolved(_ content: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        var rest = content
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else {
                text.append(byte)
                continue
            }
            switch letter {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): appendScalar(from: &rest, to: &text)
            default: text.append(letter)
            }
        }
        return text
    }

    private static func appendScalar(from rest: inout ArraySlice<UInt8>, to text: inout [UInt8]) {
        var value = codeUnit(from: &rest)
        if value & 0xFC00 == 0xD800 {
            rest = rest.dropFirst(2)
            value = 0x10000 + (value & 0x3FF) << 10 + codeUnit(from: &rest) & 0x3FF
        }
        text.append(contentsOf: String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8)
    }

    private static func codeUnit(from rest: inout ArraySlice<UInt8>) -> UInt32 {
        let digits = rest.prefix(4)
        rest = rest.dropFirst(4)
        return digits.reduce(0) { $0 << 4 | UInt32(Hex.value(of: $1) ?? 0) }
    }
}

/// Cuts Swift source into tokens and comments: as much of the language as it takes never to mistake text for code.
/// Knows nested comments, raw and multi-line strings, interpolation (whose content is code) and `#/…/#`; bare `/…/` literals it does not know.
struct SwiftLexer {
    private(set) var tokens: [Token] = []
    private(set) var comments: [Token] = []
    private let source: [UInt8]
    private var position = 0
    private var line = 1

    init(_ source: [UInt8]) { self.source = source }

    mutating func run() { code(isInterpolation: false) }

    /// Until the end, or in an interpolation until the parenthesis that ends it.
    private mutating func code(isInterpolation: Bool) {
        var depth = 0
        while let byte = peek() {
            if starts(with: "//") {
                lineComment()
            } else if starts(with: "/*") {
                blockComment()
            } else if let hashes = hashesBeforeLiteral() {
                literal(hashes: hashes)
            } else if byte == UInt8(ascii: "`") {
                backticks()
            } else if Self.isWord(byte) {
                word()
            } else {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") {
                    if isInterpolation && depth == 0 {
                        advance()
                        return
                    }
                    depth -= 1
                }
                if byte > 0x20 { tokens.append(Token(text: String(UnicodeScalar(byte)), line: line)) }
                advance()
            }
        }
    }

    private mutating func word() {
        let start = position
        while let byte = peek(), Self.isWord(byte) { advance() }
        // `try!` is one token, `try !done` is two: only the space tells a trap from a negation.
        if ["try", "as"].contains(text(from: start)), peek() == UInt8(ascii: "!") { advance() }
        tokens.append(Token(text: text(from: start), line: line))
    }

    /// An escaped name keeps its backticks, so that it is no keyword to any rule.
    private mutating func backticks() {
        let start = position
        advance()
        while let byte = peek(), byte != UInt8(ascii: "`"), byte != UInt8(ascii: "\n") { advance() }
        advance()
        tokens.append(Token(text: text(from: start), line: line))
    }

    private mutating func lineComment() {
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "\n") { advance() }
        comments.append(Token(text: text(from: start), line: line))
    }

    private mutating func blockComment() {
        let start = position
        let firstLine = line
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                advance(2)
            } else if starts(with: "*/") {
                depth -= 1
                advance(2)
            } else {
                advance()
            }
        } while depth > 0 && peek() != nil
        comments.append(Token(text: text(from: start), line: firstLine))
    }

    /// How many `#` stand before the quote (or, with at least one, the slash) that begins a literal here; nil when none begins.
    private func hashesBeforeLiteral() -> Int? {
        var end = position
        while end < source.count, source[end] == UInt8(ascii: "#") { end += 1 }
        guard end < source.count else { return nil }
        let opens = source[end] == UInt8(ascii: "\"") || (end > position && source[end] == UInt8(ascii: "/"))
        return opens ? end - position : nil
    }

    private mutating func literal(hashes: Int) {
        tokens.append(Token(text: "\"", line: line))
        advance(hashes)
        let fence = String(repeating: "#", count: hashes)
        if peek() == UInt8(ascii: "/") {
            advance()
            skip(to: "/" + fence, escape: nil, isMultiline: true)
        } else if opensMultiline() {
            advance(3)
            skip(to: "\"\"\"" + fence, escape: "\\" + fence, isMultiline: true)
        } else {
            advance()
            skip(to: "\"" + fence, escape: "\\" + fence, isMultiline: false)
        }
    }

    /// Three quotes open a multi-line string only at the end of a line: `#"""#` is a raw string that holds one quote.
    private func opensMultiline() -> Bool {
        guard starts(with: "\"\"\"") else { return false }
        let rest = source[(position + 3)...].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
        return rest == UInt8(ascii: "\n")
    }

    private mutating func skip(to end: String, escape: String?, isMultiline: Bool) {
        while let byte = peek() {
            if starts(with: end) {
                advance(end.utf8.count)
                return
            }
            // A string that is not closed ends with its line, as in the compiler: one mistake must not swallow the rest of the file.
            if byte == UInt8(ascii: "\n") && !isMultiline { return }
            if let escape, starts(with: escape) {
                advance(escape.utf8.count)
                let isInterpolation = peek() == UInt8(ascii: "(")
                advance()
                if isInterpolation { code(isInterpolation: true) }
            } else {
                advance()
            }
        }
    }

    private func peek() -> UInt8? { position < source.count ? source[position] : nil }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where position < source.count {
            if source[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    private func starts(with text: String) -> Bool {
        source[position...].starts(with: text.utf8)
    }

    private func text(from start: Int) -> String {
        String(decoding: source[start..<position], as: UTF8.self)
    }

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...: true
        default: false
        }
    }
}

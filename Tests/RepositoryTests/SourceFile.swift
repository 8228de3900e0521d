/// One Swift file, cut into what the compiler sees and what only people read.
struct SourceFile: Sendable {
    /// From the root: `Sources/PaymentCore/Money.swift`.
    let path: String
    let lineCount: Int
    /// The code without comments and without what string literals say.
    let tokens: [Token]
    let comments: [Token]

    init(path: String, text: [UInt8]) {
        self.path = path
        let newlines = text.count { $0 == UInt8(ascii: "\n") }
        lineCount = newlines + (text.isEmpty || text.last == UInt8(ascii: "\n") ? 0 : 1)
        var lexer = SwiftLexer(text)
        lexer.run()
        tokens = lexer.tokens
        comments = lexer.comments
    }

    /// A sample for the tests of the rules.
    init(_ path: String, _ text: String) { self.init(path: path, text: Array(text.utf8)) }

    /// `Sources` or `Tests`.
    var area: Substring { part(0) }
    /// The target's directory.
    var target: Substring { part(1) }
    /// Without the directories and `.swift`.
    var stem: Substring {
        let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
        return name.hasSuffix(".swift") ? name.dropLast(6) : name
    }

    private func part(_ index: Int) -> Substring {
        let parts = path.split(separator: "/")
        return index < parts.count ? parts[index] : ""
    }

    /// The text of the token at `index`; empty beyond the ends, so that rules can look around freely.
    func text(_ index: Int) -> String {
        tokens.indices.contains(index) ? tokens[index].text : ""
    }

    /// Whether the tokens from `index` on are exactly these.
    func has(_ words: [String], at index: Int) -> Bool {
        words.indices.allSatisfy { text(index + $0) == words[$0] }
    }
}

/// A word, a number, or one character of punctuation; or a whole comment.
struct Token: Sendable, Equatable {
    var text: String
    /// Of its first character, from 1.
    var line: Int
}

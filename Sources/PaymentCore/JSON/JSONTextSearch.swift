/// Looks for one word (an id, a mail address) in the strings of JSON texts: whatever its case there, and however it is escaped.
///
/// A body that is no JSON is looked through as well. A longer word that only contains the one looked for is another word: `joanna@example.com` is not
/// `anna@example.com`.
package struct JSONTextSearch: Sendable {
    /// In lower case; each as it may stand in a text.
    private let forms: [[UInt8]]
    private let isASCII: Bool

    /// - Returns: nil for an empty word.
    package init?(_ word: String) {
        guard !word.isEmpty else { return nil }
        let lower = word.lowercased()
        isASCII = lower.utf8.allSatisfy { $0 < 0x80 }
        // In the query of a URL the sign of an address is written as an escape.
        let forms = lower.utf8.contains(UInt8(ascii: "@")) ? [lower, lower.split(separator: "@").joined(separator: "%40")] : [lower]
        self.forms = forms.map { Array($0.utf8) }
    }

    /// Whether the word is in the text.
    package func finds(in text: [UInt8]) -> Bool {
        // Outside of strings JSON has no escapes, so that the text as a whole can be resolved.
        if isFound(in: text) { return true }
        return text.contains(UInt8(ascii: "\\")) && isFound(in: JSONEscape.resolved(text[...]))
    }

    private func isFound(in text: [UInt8]) -> Bool {
        let lower = isASCII ? text : Array(String(decoding: text, as: UTF8.self).lowercased().utf8)
        return forms.contains { Self.contains(lower, $0) }
    }

    /// `word` is in lower case, the text need not be.
    private static func contains(_ text: [UInt8], _ word: [UInt8]) -> Bool {
        guard let first = word.first, text.count >= word.count else { return false }
        for start in 0...text.count - word.count where folded(text[start]) == first {
            guard zip(text[start...], word).allSatisfy({ folded($0) == $1 }) else { continue }
            if !isPartOfWord(text[..<start].last) && !continues(text[(start + word.count)...]) { return true }
        }
        return false
    }

    /// A full stop ends a sentence as well as it joins parts of a name.
    private static func continues(_ rest: ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: ".") else { return isPartOfWord(rest.first) }
        return isPartOfWord(rest.dropFirst().first)
    }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static func isPartOfWord(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: return true
        default: return [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: ".")].contains(byte)
        }
    }
}

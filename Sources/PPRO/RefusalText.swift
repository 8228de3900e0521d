internal import PaymentCore

/// What PPRO says about a request that it refused, fit for a log: `failureMessage` (or `message`) of its error envelope, cut short, and without words that
/// could be about a person.
struct RefusalText: Sendable, Equatable {
    static let maximumCharacters = 200
    private static let mask = "…"

    /// nil when the body says nothing.
    var text: String?

    /// - Parameters:
    ///   - words: Lower-case words that must not be repeated.
    ///   - key: Must not be repeated either.
    init(_ body: [UInt8], hiding words: Set<String>, _ key: PPROKey) {
        guard let root = try? JSONDocument.parse(body).root, let message = root["failureMessage"]?.string ?? root["message"]?.string, !message.isEmpty
        else { return }
        text = Self.masked(String(key.removed(from: message).unicodeScalars.prefix(Self.maximumCharacters).map(Character.init)), words)
    }

    /// The words that a text consists of, lower case: letters and digits in a row, of two characters at least.
    static func words(of texts: some Sequence<String?>) -> Set<String> {
        var words: Set<String> = []
        for case let text? in texts {
            for word in text.split(whereSeparator: { !isPartOfWord($0) }) where word.count > 1 { words.insert(word.lowercased()) }
        }
        return words
    }

    /// Words of the set, numbers of more than four digits and whatever has an @ are masked; control characters become spaces.
    private static func masked(_ message: String, _ words: Set<String>) -> String {
        let parts = message.split(omittingEmptySubsequences: false, whereSeparator: { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 } })
        return parts.map { part in part.contains("@") ? mask : maskedPart(part, words) }.joined(separator: " ")
    }

    private static func maskedPart(_ part: Substring, _ words: Set<String>) -> String {
        var shown = ""
        var word = ""
        func close() {
            let isPersonal = words.contains(word.lowercased()) || word.count(where: \.isNumber) > 4 || isPieceOfNumber(word, words)
            shown += isPersonal ? mask : word
            word = ""
        }
        for character in part {
            if isPartOfWord(character) {
                word.append(character)
            } else {
                close()
                shown.append(character)
            }
        }
        close()
        return shown
    }

    /// A telephone number may come back in groups.
    private static func isPieceOfNumber(_ word: String, _ words: Set<String>) -> Bool {
        word.utf8.count > 1 && word.utf8.allSatisfy { (0x30...0x39).contains($0) } && words.contains { $0.contains(word) }
    }

    private static func isPartOfWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}

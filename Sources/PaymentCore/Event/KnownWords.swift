/// Finds the case of an enum by the bytes of its word. `init(rawValue:)` compares canonically (the Kelvin sign passes for a K) and with one word after the other;
/// here only the few words of the same length are looked at.
struct KnownWords<Word: RawRepresentable<String> & CaseIterable & Sendable>: Sendable {
    private var byLength: [[(word: String, meaning: Word)]] = []

    /// - Parameter others: words beside the enum's own.
    init(and others: [(word: String, meaning: Word)] = []) {
        for (word, meaning) in Word.allCases.map({ ($0.rawValue, $0) }) + others {
            while byLength.count <= word.utf8.count { byLength.append([]) }
            byLength[word.utf8.count].append((word, meaning))
        }
    }

    subscript(word: String) -> Word? {
        let length = word.utf8.count
        guard length < byLength.count else { return nil }
        for known in byLength[length] where known.word.hasSameBytes(as: word) { return known.meaning }
        return nil
    }
}

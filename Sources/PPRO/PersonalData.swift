internal import PaymentCore

/// What a request says about a person, so that nothing PPRO says about the request repeats it.
///
/// Words are letters and digits in a row, compared without case; what stands between two words does not matter. So `Siti Rahayu` is found in `SITI, RAHAYU`,
/// and `000` is found in no telephone number.
struct PersonalData: Sendable, Equatable {
    /// So many digits of a telephone number in a row are taken for it, zeros at the beginning not counted: it may come back in groups, and without the
    /// country's code.
    private static let phoneDigits = 6
    /// No amount that anybody pays has so many digits; numbers of cards, accounts and identity cards have.
    private static let longDigits = 13
    /// The groups in which such a number is written have no more digits.
    private static let groupDigits = 6

    /// Whole values, each as its words.
    private var values: [[String]] = []
    private var phone = ""
    /// Digits that are no person's, whatever the telephone number is.
    private var amount = ""

    static let none = PersonalData()

    private init() {}

    init(_ order: ChargeOrder) {
        let fields = Set(order.texts.flatMap { Self.words(of: $0.field) })
        // A name is one in its parts too. The name of a field tells nothing, even where somebody is called so.
        let names = Self.words(of: order.consumer.name ?? "").filter { !fields.contains($0) }.map { [$0] }
        let mailbox = order.consumer.email?.split(separator: "@").first.map { Self.words(of: $0) } ?? []
        values = (order.personalTexts.compactMap { $0.text.map { Self.words(of: $0) } } + names + [mailbox]).filter { words in
            words.joined().count > 1 && !(words.count == 1 && fields.contains(words[0]))
        }
        phone = Self.digits(of: order.consumer.phone ?? "")
        amount = String(order.amount.value)
    }

    /// The positions in the text of what must not be shown.
    func positions(in text: [Character]) -> Set<Int> {
        let words = Word.all(of: text)
        var hidden: Set<Int> = []
        for start in words.indices {
            let length = [valueLength(words, start), phoneLength(words, start), longLength(words, start)].max() ?? 0
            if length > 0 { hidden.formUnion(words[start].range.lowerBound..<words[start + length - 1].range.upperBound) }
        }
        return hidden
    }

    /// How many words from `start` on are a value; 0 when none begins there.
    private func valueLength(_ words: [Word], _ start: Int) -> Int {
        values.lazy.filter { $0.count <= words.count - start && $0.elementsEqual(words[start..<(start + $0.count)].lazy.map(\.text)) }.map(\.count).max() ?? 0
    }

    private func phoneLength(_ words: [Word], _ start: Int) -> Int {
        longest(words, start, between: " -.()/+", isFit: { _ in true }) { digits in
            let significant = digits.drop { $0 == "0" }
            return significant.count >= Self.phoneDigits && phone.contains(significant) && digits != amount
        }
    }

    private func longLength(_ words: [Word], _ start: Int) -> Int {
        if words[start].digits.count >= Self.longDigits { return 1 }
        return longest(words, start, between: " -", isFit: { $0.count <= Self.groupDigits }, isFound: { $0.count >= Self.longDigits })
    }

    /// How many words from `start` on make up digits that are found, as many as possible. Each has digits and is fit, and few marks are between them.
    private func longest(_ words: [Word], _ start: Int, between marks: String, isFit: (String) -> Bool, isFound: (String) -> Bool) -> Int {
        var (digits, length) = ("", 0)
        for position in start..<min(words.count, start + Self.longDigits) {
            let word = words[position]
            guard !word.digits.isEmpty, isFit(word.digits) else { break }
            guard position == start || (word.gap.count <= 2 && word.gap.allSatisfy { marks.contains($0) }) else { break }
            digits += word.digits
            if isFound(digits) { length = position - start + 1 }
        }
        return length
    }

    private static func words(of text: some StringProtocol) -> [String] { Word.all(of: Array(text)).map(\.text) }
    private static func digits(of text: String) -> String { Word.all(of: Array(text)).map(\.digits).joined() }
}

/// Letters and digits in a row.
private struct Word {
    /// Lower case.
    var text: String
    /// Its digits alone, as ASCII.
    var digits: String
    var range: Range<Int>
    /// What stands between it and the word before it.
    var gap: ArraySlice<Character>

    static func all(of text: [Character]) -> [Word] {
        var words: [Word] = []
        var position = 0
        while position < text.count {
            guard isPart(text[position]) else {
                position += 1
                continue
            }
            let start = position
            while position < text.count, isPart(text[position]) { position += 1 }
            let own = text[start..<position]
            words.append(
                Word(
                    text: String(own).lowercased(), digits: own.compactMap { $0.wholeNumberValue.map { String($0) } }.joined(), range: start..<position,
                    gap: text[(words.last?.range.upperBound ?? 0)..<start]))
        }
        return words
    }

    private static func isPart(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}

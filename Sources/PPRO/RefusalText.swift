internal import PaymentCore

/// What PPRO says about a request that it refused, fit for a log: `failureMessage` (or `message`) of its error envelope, cut short, and without what the
/// request says about a person. Amounts, limits and the names of fields stay readable: they are what the operator needs.
struct RefusalText: Sendable, Equatable {
    static let maximumCharacters = 200
    private static let mask: Character = "…"
    /// More is not looked at. Shown is of the first half only, so that nothing is that could have been known for a person's by what comes after it.
    private static let maximumScalars = 4_096

    /// nil when the body says nothing.
    var text: String?

    /// - Parameter key: Must not be repeated either.
    init(_ body: [UInt8], hiding data: PersonalData, _ key: PPROKey) {
        guard let root = try? JSONDocument.parse(body).root, let message = root["failureMessage"]?.string ?? root["message"]?.string, !message.isEmpty
        else { return }
        text = Self.masked(String(String.UnicodeScalarView(key.removed(from: message).unicodeScalars.prefix(Self.maximumScalars))), data)
    }

    /// Whatever has an @ is masked too; control characters become spaces.
    private static func masked(_ message: String, _ data: PersonalData) -> String {
        let characters = message.map { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 } ? " " : $0 }
        var hidden = data.positions(in: characters)
        for part in characters.split(separator: " ") where part.contains("@") { hidden.formUnion(part.indices) }
        var shown = ""
        for position in 0..<min(characters.count, maximumScalars / 2) where shown.count < maximumCharacters {
            if !hidden.contains(position) { shown.append(characters[position]) } else if !hidden.contains(position - 1) { shown.append(mask) }
        }
        return shown
    }
}

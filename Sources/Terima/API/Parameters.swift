import PaymentCore

/// The query parameters of a request, read strictly: a name that means nothing, or a value that cannot be read, is refused.
package struct Parameters: Sendable, Equatable {
    package private(set) var items: [(name: String, value: String)]

    package init(_ items: [(name: String, value: String)] = []) { self.items = items }

    package static func == (a: Parameters, b: Parameters) -> Bool { a.items.elementsEqual(b.items, by: ==) }

    package mutating func add(_ name: String, _ value: String?) {
        if let value { items.append((name, value)) }
    }

    /// Refuses names other than these.
    func allow(_ names: String...) throws {
        for item in items where !names.contains(item.name) {
            throw Problem(.badRequest, "unknown parameter '\(item.name)'; known here: \(names.isEmpty ? "none" : names.joined(separator: ", "))")
        }
    }

    /// The only value of a parameter. An empty one is a mistake, most often a shell variable that was not set.
    func text(_ name: String) throws -> String? {
        let text = try textOrEmpty(name)
        if text?.isEmpty == true { throw Self.empty(name) }
        return text
    }

    /// The only value of a parameter that may be empty.
    func textOrEmpty(_ name: String) throws -> String? {
        let values = items.filter { $0.name == name }
        guard values.count <= 1 else { throw Problem(.badRequest, "'\(name)' is given twice") }
        return values.first?.value
    }

    /// All values of a parameter that may be repeated or hold a list separated by commas.
    func list(_ name: String) throws -> [String] {
        let values = items.filter { $0.name == name }.flatMap { $0.value.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        if values.contains("") { throw Self.empty(name) }
        return values
    }

    private static func empty(_ name: String) -> Problem { Problem(.badRequest, "'\(name)' has an empty value") }

    /// The values of a parameter that takes a closed set of words.
    func words<Word: RawRepresentable & CaseIterable>(_ name: String, _ type: Word.Type) throws -> [Word] where Word.RawValue == String {
        try list(name).map { text in
            guard let word = Word(rawValue: text) else {
                throw Problem(.badRequest, "'\(name)' must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")); it was '\(text)'")
            }
            return word
        }
    }

    func integer(_ name: String, _ range: ClosedRange<Int64>) throws -> Int64? {
        guard let text = try text(name) else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw Problem(.badRequest, "'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound); it was '\(text)'")
        }
        return number
    }

    func limit() throws -> Int { Int(try integer("limit", 1...10_000) ?? 50) }

    /// A point in time: ISO 8601, or a duration before now such as `2h`.
    func instant(_ name: String, now: Instant) throws -> Instant? {
        guard let text = try text(name) else { return nil }
        if let instant = Instant(iso8601: text) { return instant }
        if let back = DurationText.parse(text) { return now.advanced(byMilliseconds: -back) }
        throw Problem(.badRequest, "'\(name)' must be a time like 2026-06-03T11:23:47Z or how long ago, like 2h; it was '\(text)'")
    }

    /// A duration such as `30s`, at most `maximum`.
    func duration(_ name: String, atMost maximum: Int64) throws -> Int64? {
        guard let text = try text(name) else { return nil }
        guard let milliseconds = DurationText.parse(text), (0...maximum).contains(milliseconds) else {
            throw Problem(.badRequest, "'\(name)' must be a duration like 30s, at most \(DurationText.format(maximum)); it was '\(text)'")
        }
        return milliseconds
    }

    func flag(_ name: String) throws -> Bool {
        switch try textOrEmpty(name) {
        case nil, "false": false
        case "true", "": true
        case let other?: throw Problem(.badRequest, "'\(name)' must be true or false; it was '\(other)'")
        }
    }
}

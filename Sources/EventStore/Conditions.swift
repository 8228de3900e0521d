import PaymentCore

/// The WHERE of a listing. Clauses are literals of this target and everything else is bound, so no filter can change the statement's meaning.
struct Conditions {
    private var clauses: [String] = []
    private(set) var values: [SQLValue] = []

    mutating func add(_ clause: StaticString, _ values: SQLValue...) {
        clauses.append("\(clause)")
        self.values += values
    }

    /// One of several, e.g. `type GLOB ?`; no condition when `alternatives` is empty.
    mutating func add(anyOf clause: StaticString, _ alternatives: [SQLValue]) {
        guard !alternatives.isEmpty else { return }
        clauses.append("(" + alternatives.map { _ in "\(clause)" }.joined(separator: " OR ") + ")")
        values += alternatives
    }

    /// One of several literals, so that a partial index can be used; no condition when there is none.
    mutating func add(anyOf literals: [StaticString]) {
        guard !literals.isEmpty else { return }
        clauses.append("(" + literals.map { "\($0)" }.joined(separator: " OR ") + ")")
    }

    /// The part of a listing that the page is about; `seq` is the column that pages count by.
    mutating func add(_ page: Page, seq: StaticString) {
        if let after = page.after {
            clauses.append("\(seq) > ?")
            values.append(.integer(after))
        }
        if let before = page.before {
            clauses.append("\(seq) < ?")
            values.append(.integer(before))
        }
    }

    var sql: String { clauses.isEmpty ? "" : "WHERE " + clauses.joined(separator: " AND ") }
}

extension EventPattern {
    /// The same pattern for SQLite's GLOB, where `?` and `[` mean something too.
    var glob: String {
        var text = ""
        for character in description.unicodeScalars {
            switch character {
            case "?": text += "[?]"
            case "[": text += "[[]"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}

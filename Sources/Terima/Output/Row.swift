import PaymentCore

/// One JSON row of an answer, read for a table. Tables and `--json` are made from the same rows.
struct Row {
    let json: JSONValue

    /// The text of a member, `-` where it is absent.
    func text(_ name: String) -> String {
        guard let value = json[name] else { return "-" }
        return value.string ?? value.numberText ?? value.bool.map { $0 ? "yes" : "no" } ?? "-"
    }

    func instant(_ name: String) -> Instant? { json[name]?.string.flatMap { Instant(iso8601: $0) } }

    func when(_ name: String, now: Instant) -> String { Ago.full(instant(name), now: now) }

    func integer(_ name: String) -> Int64? { json[name]?.integerValue }

    /// An amount with its currency's decimals; `-` for zero, which says nothing.
    func amount(_ name: String) -> String {
        guard let value = integer(name), value != 0 else { return "-" }
        return Currency.format(Money(value: value, currency: text("currency")))
    }

    func rows(_ name: String) -> [Row] { json[name]?.elements.map(Row.init) ?? [] }
}

extension OperatorAnswer {
    /// The rows of a list's answer.
    var rows: [Row] {
        get throws { try document().root["data"]?.elements.map(Row.init) ?? [] }
    }

    /// The one object of an answer.
    var row: Row {
        get throws { Row(json: try document().root) }
    }

    private func document() throws -> JSONDocument {
        do { return try JSONDocument.parse(bytes) } catch {
            throw CommandFailure(.unavailable, "the service's answer cannot be read: \(error)")
        }
    }
}

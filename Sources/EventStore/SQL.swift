import PaymentCore

/// The text of a statement that a connection compiles once and keeps. The object itself is the key, so a look-up never hashes the text:
/// declare it as a static constant beside the verb that uses it.
final class SQL: Sendable {
    let text: String

    init(_ text: String) { self.text = text }
}

/// A value on its way into a statement. nil is NULL.
enum SQLValue {
    case integer(Int64?)
    case text(String?)
    case blob([UInt8]?)
}

extension SQLValue {
    /// Of a text or blob; other values have none.
    var byteCount: Int {
        switch self {
        case .text(let text?): text.utf8.count
        case .blob(let bytes?): bytes.count
        case .integer, .text(nil), .blob(nil): 0
        }
    }

    /// Milliseconds since 1970.
    static func time(_ value: Instant?) -> SQLValue { .integer(value?.milliseconds) }
    static func count(_ value: Int?) -> SQLValue { .integer(value.map { Int64($0) }) }
    static func flag(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
}

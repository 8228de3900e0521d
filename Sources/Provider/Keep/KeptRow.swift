internal import PaymentCore

/// One thing of the state as the state file keeps it.
struct KeptRow: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        /// A charge with its operations.
        case charge
        /// An idempotency key with the answer to its request.
        case key
        /// A webhook that is still to be sent.
        case webhook
    }

    var kind: Kind
    /// Unique in its kind.
    var id: String
    /// A JSON object; nil: forgotten.
    var json: [UInt8]?

    /// Bodies of requests stand in it as they came, at most 64 levels deep.
    private static let maximumDepth = 80

    /// Reads the JSON.
    /// - Throws: `StateFileError` when a member is missing or wrong.
    func fields() throws(StateFileError) -> KeptFields {
        guard let json, let document = try? JSONDocument.parse(json, maximumDepth: Self.maximumDepth) else {
            throw StateFileError.unreadable(kind.rawValue, "its JSON")
        }
        return KeptFields(kind: kind, value: document.root)
    }
}

/// Members of a kept JSON object. Only this program wrote them, so what is missing or wrong means that the file is damaged or of another version.
struct KeptFields {
    let kind: KeptRow.Kind
    let value: JSONValue

    func text(_ name: String) throws(StateFileError) -> String { try required(value[name]?.string, name) }

    func textOrNil(_ name: String) -> String? { value[name]?.string }

    func integer(_ name: String) throws(StateFileError) -> Int64 { try required(value[name]?.integerValue, name) }

    func count(_ name: String) throws(StateFileError) -> Int { Int(clamping: try integer(name)) }

    func time(_ name: String) throws(StateFileError) -> Instant { Instant(milliseconds: try integer(name)) }

    func timeOrNil(_ name: String) -> Instant? { value[name]?.integerValue.map { Instant(milliseconds: $0) } }

    /// JSON as it was written.
    func raw(_ name: String) throws(StateFileError) -> [UInt8] { try required(value[name].map { Array($0.bytes) }, name) }

    func elements(_ name: String) throws(StateFileError) -> [KeptFields] {
        try required(value[name], name).elements.map { KeptFields(kind: kind, value: $0) }
    }

    func object(_ name: String) -> KeptFields? {
        value[name].flatMap { $0.kind == .object ? KeptFields(kind: kind, value: $0) : nil }
    }

    func required<Value>(_ value: Value?, _ name: String) throws(StateFileError) -> Value {
        guard let value else { throw StateFileError.unreadable(kind.rawValue, name) }
        return value
    }
}

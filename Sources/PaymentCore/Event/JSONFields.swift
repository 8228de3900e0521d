/// Reads members of one JSON object by name. `null` and the empty string count as absent. `ifThere` forgives a wrong type, the others throw it with its path.
struct JSONFields {
    private let value: JSONValue
    /// Path of this object with a trailing dot, or empty at the root.
    private let path: String

    init(object value: JSONValue, path: String) {
        self.value = value
        self.path = path
    }

    func string(ifThere name: String) -> String? {
        guard let text = value[name]?.string, !text.isEmpty else { return nil }
        return text
    }

    func string(_ name: String) throws(DecodingFailure) -> String? {
        guard let member = value[name], !member.isNull else { return nil }
        guard let text = member.string else { throw .wrongType(path + name) }
        return text.isEmpty ? nil : text
    }

    func requiredString(_ name: String) throws(DecodingFailure) -> String {
        guard let text = try string(name) else { throw .missing(path + name) }
        return text
    }

    /// `requiredString` for a value that nobody needs here.
    func requireString(_ name: String) throws(DecodingFailure) {
        guard let member = value[name], !member.isNull else { throw .missing(path + name) }
        guard member.kind == .string else { throw .wrongType(path + name) }
        guard member.bytes.count > 2 else { throw .missing(path + name) }
    }

    func object(ifThere name: String) -> JSONFields? {
        guard let member = value[name], member.kind == .object else { return nil }
        return JSONFields(object: member, path: path + name + ".")
    }

    func object(_ name: String) throws(DecodingFailure) -> JSONFields? {
        guard let member = value[name], !member.isNull else { return nil }
        guard member.kind == .object else { throw .wrongType(path + name) }
        return JSONFields(object: member, path: path + name + ".")
    }

    /// `{ "value": minor units, "currency": "IDR" }`; both are needed once the object is there.
    func money(_ name: String) throws(DecodingFailure) -> Money? {
        guard let amount = try object(name) else { return nil }
        return Money(value: try amount.requiredInteger("value"), currency: try amount.requiredString("currency"))
    }

    /// Minor units: an integer, or an object with an integer `value`.
    func amount(_ name: String) throws(DecodingFailure) -> Int64 {
        if let amount = object(ifThere: name) { return try amount.requiredInteger("value") }
        return try requiredInteger(name)
    }

    func instant(_ name: String) throws(DecodingFailure) -> Instant {
        guard let instant = Instant(iso8601: try requiredString(name)) else { throw .wrongType(path + name) }
        return instant
    }

    /// An exact 64-bit integer; a fraction or an exponent is a wrong type.
    private func requiredInteger(_ name: String) throws(DecodingFailure) -> Int64 {
        guard let member = value[name], !member.isNull else { throw .missing(path + name) }
        guard let integer = member.integerValue else { throw .wrongType(path + name) }
        return integer
    }
}

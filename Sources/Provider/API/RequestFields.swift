internal import PaymentCore

/// Reads members of a request's JSON object and names the one that is missing or wrong. `null` counts as absent.
struct RequestFields {
    /// PPRO's limit for any string, in characters.
    static let maximumCharacters = 512

    let value: JSONValue
    /// Path of this object with a trailing dot, or empty at the root.
    private let path: String

    /// - Throws: 400 when the body is no JSON object.
    init(body: [UInt8]) throws(Refusal) {
        do {
            value = try JSONDocument.parse(body).root
        } catch {
            throw .field("the body is no JSON: \(error)")
        }
        path = ""
        guard value.kind == .object else { throw .field("the body must be a JSON object") }
    }

    private init(_ value: JSONValue, path: String) {
        self.value = value
        self.path = path
    }

    func isThere(_ name: String) -> Bool { value[name].map { !$0.isNull } ?? false }

    /// A text that is not empty.
    func text(_ name: String) throws(Refusal) -> String? {
        guard let member = value[name], !member.isNull else { return nil }
        guard let text = member.string else { throw .field("\(path)\(name) must be a string") }
        guard !text.isEmpty else { throw .field("\(path)\(name) must not be empty") }
        guard text.unicodeScalars.count <= Self.maximumCharacters else {
            throw .field("\(path)\(name) must have at most \(Self.maximumCharacters) characters")
        }
        return text
    }

    func requiredText(_ name: String) throws(Refusal) -> String { try required(try text(name), name) }

    /// One of some words; the first is for when it is absent.
    func word(_ name: String, of words: [String]) throws(Refusal) -> String {
        guard let word = try text(name) else { return words.first ?? "" }
        guard words.contains(where: { $0.utf8.elementsEqual(word.utf8) }) else {
            throw .field("\(path)\(name) must be one of \(words.joined(separator: ", "))")
        }
        return word
    }

    func requiredWord(_ name: String, of words: [String]) throws(Refusal) -> String {
        _ = try requiredText(name)
        return try word(name, of: words)
    }

    func bool(_ name: String) throws(Refusal) -> Bool? {
        guard let member = value[name], !member.isNull else { return nil }
        guard let bool = member.bool else { throw .field("\(path)\(name) must be true or false") }
        return bool
    }

    func integer(_ name: String, atLeast minimum: Int64) throws(Refusal) -> Int64? {
        guard let member = value[name], !member.isNull else { return nil }
        guard let integer = member.integerValue, integer >= minimum else { throw .field("\(path)\(name) must be an integer of at least \(minimum)") }
        return integer
    }

    func requiredInteger(_ name: String, atLeast minimum: Int64) throws(Refusal) -> Int64 { try required(try integer(name, atLeast: minimum), name) }

    func object(_ name: String) throws(Refusal) -> RequestFields? {
        guard let member = value[name], !member.isNull else { return nil }
        guard member.kind == .object else { throw .field("\(path)\(name) must be an object") }
        return RequestFields(member, path: "\(path)\(name).")
    }

    func requiredObject(_ name: String) throws(Refusal) -> RequestFields { try required(try object(name), name) }

    /// The objects of an array; empty when it is absent.
    func objects(_ name: String) throws(Refusal) -> [RequestFields] {
        guard let member = value[name], !member.isNull else { return [] }
        guard member.kind == .array else { throw .field("\(path)\(name) must be an array") }
        var objects: [RequestFields] = []
        for (index, element) in member.elements.enumerated() {
            guard element.kind == .object else { throw .field("\(path)\(name)[\(index)] must be an object") }
            objects.append(RequestFields(element, path: "\(path)\(name)[\(index)]."))
        }
        return objects
    }

    /// Insists on a text at a path like `order.orderItems[].name`; `[]` stands for every element of at least one.
    func requireText(at wanted: String) throws(Refusal) { try requireText(at: wanted.split(separator: ".")[...]) }

    private func requireText(at names: ArraySlice<Substring>) throws(Refusal) {
        guard let name = names.first else { return }
        if names.count == 1 { return _ = try requiredText(String(name)) }
        guard name.hasSuffix("[]") else { return try requiredObject(String(name)).requireText(at: names.dropFirst()) }
        let list = String(name.dropLast(2))
        let elements = try objects(list)
        guard !elements.isEmpty else { throw .field("\(path)\(list) must have at least one element") }
        for element in elements { try element.requireText(at: names.dropFirst()) }
    }

    private func required<Value>(_ value: Value?, _ name: String) throws(Refusal) -> Value {
        guard let value else { throw .field("\(path)\(name) is missing") }
        return value
    }
}

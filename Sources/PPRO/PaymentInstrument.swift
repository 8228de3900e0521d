internal import PaymentCore

/// The means a consumer pays with, as PPRO keeps it.
package struct PaymentInstrument: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// PPRO's, `instr_…`.
    package var id: String
    /// PPRO's word, e.g. `PASSTHROUGH_WALLET`.
    package var type: String
    /// The instrument's JSON object, byte for byte. For some types it holds numbers of accounts and cards, so it is not printed.
    package var json: [UInt8]

    package init(id: String, type: String, json: [UInt8] = []) {
        self.id = id
        self.type = type
        self.json = json
    }

    package var description: String { "\(type) \(id)" }
    package var customMirror: Mirror { Mirror(self, children: ["id": id, "type": type]) }

    init(_ value: JSONValue) throws(AuthorityError) {
        guard let id = value["id"]?.string, !id.isEmpty, let type = value["type"]?.string, !type.isEmpty else {
            throw .unreadable("the instrument has no id or no type")
        }
        self.init(id: id, type: type, json: Array(value.bytes))
    }
}

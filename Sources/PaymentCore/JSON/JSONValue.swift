/// A value of a checked document: a view that costs nothing until something is read from it.
package struct JSONValue: Sendable {
    package enum Kind: UInt8, Sendable { case object, array, string, number, bool, null }

    let tape: JSONTape
    let index: Int

    private var node: JSONNode { tape.nodes[index] }

    package var kind: Kind { node.kind }

    /// The member of that name, compared as bytes; nil when this is no object or has no such member.
    package subscript(_ key: String) -> JSONValue? {
        tape.member(key, of: index).map { JSONValue(tape: tape, index: $0) }
    }

    /// In document order; empty when this is no object.
    package var members: [(key: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        var members: [(key: String, value: JSONValue)] = []
        let end = Int(node.next)
        var at = index + 1
        while at < end {
            let key = JSONEscape.text(of: tape.nodes[at], in: tape.bytes)
            members.append((key, JSONValue(tape: tape, index: at + 1)))
            at = Int(tape.nodes[at + 1].next)
        }
        return members
    }

    /// In document order; empty when this is no array.
    package var elements: [JSONValue] {
        guard kind == .array else { return [] }
        var elements: [JSONValue] = []
        let end = Int(node.next)
        var at = index + 1
        while at < end {
            elements.append(JSONValue(tape: tape, index: at))
            at = Int(tape.nodes[at].next)
        }
        return elements
    }

    /// The text with its escapes resolved; nil when this is no string.
    package var string: String? {
        guard kind == .string else { return nil }
        return JSONEscape.text(of: node, in: tape.bytes)
    }

    package var bool: Bool? {
        guard kind == .bool else { return nil }
        return tape.bytes[Int(node.start)] == UInt8(ascii: "t")
    }

    package var isNull: Bool { kind == .null }

    /// The number as it was written (`1e400`, `-0`, `1.10`); nil when this is no number.
    package var numberText: String? {
        guard kind == .number else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The exact integer. Money is counted in these, so nothing is rounded: `1.0` and `1e3` are `notAnInteger`, as is any other kind of value.
    package func integer() throws(JSONError) -> Int64 {
        guard kind == .number, node.isPlain else { throw JSONError(offset: Int(node.start), reason: .notAnInteger) }
        let isNegative = tape.bytes[Int(node.start)] == UInt8(ascii: "-")
        var value: Int64 = 0
        for byte in isNegative ? bytes.dropFirst() : bytes {
            let digit = Int64(byte & 0x0F)
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            // Counted downwards when negative: Int64.min has no positive counterpart.
            let (sum, outOfRange) = isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !tooLarge, !outOfRange else { throw JSONError(offset: Int(node.start), reason: .integerOutOfRange) }
            value = sum
        }
        return value
    }

    /// `integer()`, or nil where it would throw.
    package var integerValue: Int64? { try? integer() }

    /// This value as it stands in the source, quotes and brackets included.
    package var bytes: ArraySlice<UInt8> { tape.bytes[Int(node.start)..<Int(node.end)] }
}

/// A JSON text that has been checked as a whole: RFC 8259 to the letter, UTF-8 without a byte order mark, no duplicate keys, bounded depth.
///
/// The bytes stay as they came; beside them lies a flat tape of nodes, one for each value and each key. Nothing is copied or converted until it is asked for.
package struct JSONDocument: Sendable {
    let tape: JSONTape

    /// Checks `bytes` and returns the document over them.
    ///
    /// Where RFC 8259 leaves the choice: duplicate keys (compared as bytes after unescaping), lone surrogate escapes and a byte order mark are refused,
    /// and numbers of any size are taken, because they stay text until `JSONValue.integer()` is asked.
    /// - Parameter maximumDepth: how many arrays and objects may be open at once.
    package static func parse(_ bytes: [UInt8], maximumDepth: Int = 64) throws(JSONError) -> JSONDocument {
        guard bytes.count < Int(UInt32.max) else { throw JSONError(offset: Int(UInt32.max), reason: .tooLarge) }
        var scanner = JSONScanner(source: bytes, maximumDepth: maximumDepth)
        try scanner.scanDocument(bytes.span)
        return JSONDocument(tape: JSONTape(bytes: bytes, nodes: scanner.nodes))
    }

    package var root: JSONValue { JSONValue(tape: tape, index: 0) }
}

/// The bytes of a document and its nodes in document order; shared by all its values.
final class JSONTape: Sendable {
    let bytes: [UInt8]
    let nodes: [JSONNode]

    init(bytes: [UInt8], nodes: [JSONNode]) {
        self.bytes = bytes
        self.nodes = nodes
    }

    /// The node of the value of that key; nil when `object` is none or has no such member.
    func member(_ key: String, of object: Int) -> Int? {
        let (source, tape, text) = (bytes, nodes, key.utf8)
        let bytes = source.span.bytes
        let nodes = tape.span
        let name = text.span.bytes
        guard nodes[object].kind == .object else { return nil }
        let end = Int(nodes[object].next)
        var at = object + 1
        while at < end {
            let key = nodes[at]
            if key.isPlain {
                // The length first: it tells nearly all keys apart.
                if key.content.count == name.byteCount, bytes.extracting(key.content).hasSameBytes(as: name) { return at + 1 }
            } else {
                if JSONEscape.resolved(source[key.content]).span.bytes.hasSameBytes(as: name) { return at + 1 }
            }
            at = Int(nodes[at + 1].next)
        }
        return nil
    }
}

/// One value, or one key (a string followed by its value). The children of a container follow it directly.
struct JSONNode: Sendable {
    /// The value's bytes, quotes and brackets included.
    var start: UInt32
    var end: UInt32
    /// Index of the first node behind this value and everything in it. While a container is open: the index of the container around it.
    var next: UInt32
    var kind: JSONValue.Kind
    /// A string without escapes, or a number without fraction and exponent: its bytes can be used as they are.
    var isPlain: Bool

    /// The bytes between the quotes of a string.
    var content: Range<Int> { Int(start) + 1..<Int(end) - 1 }
}

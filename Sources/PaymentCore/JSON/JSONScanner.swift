/// Walks over a JSON text once and writes its tape. Iterative: the depth costs a counter, no stack.
struct JSONScanner {
    let source: [UInt8]
    let maximumDepth: Int
    var nodes: [JSONNode] = []
    var at = 0
    /// The innermost open container, by its node; `none` at the top.
    private var open = JSONScanner.none
    private var depth = 0

    private static let none = UInt32.max

    init(source: [UInt8], maximumDepth: Int) {
        self.source = source
        self.maximumDepth = maximumDepth
        // PPRO's bodies have one node to about 20 bytes.
        nodes.reserveCapacity(source.count / 16 + 8)
    }

    /// - Parameter bytes: `source` as a span.
    mutating func scanDocument(_ bytes: Span<UInt8>) throws(JSONError) {
        try refuseByteOrderMark(bytes)
        skipSpace(bytes)
        guard at < bytes.count else { throw failure(.empty) }
        repeat {
            guard try scanValue(bytes) else { continue }
            while try closesContainer(bytes) {}
        } while open != JSONScanner.none
        skipSpace(bytes)
        guard at == bytes.count else { throw failure(.trailingBytes) }
    }

    func failure(_ reason: JSONError.Reason) -> JSONError { JSONError(offset: at, reason: reason) }

    /// Reads a scalar or an empty container (true: a value has ended), or the opening of a container up to its first value (false).
    private mutating func scanValue(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        guard at < bytes.count else { throw failure(.unexpectedEnd) }
        switch bytes[at] {
        case UInt8(ascii: "\""): try scanString(bytes)
        case UInt8(ascii: "{"): return try openContainer(.object, closing: UInt8(ascii: "}"), bytes)
        case UInt8(ascii: "["): return try openContainer(.array, closing: UInt8(ascii: "]"), bytes)
        case UInt8(ascii: "t"): try scanWord("true", .bool, bytes)
        case UInt8(ascii: "f"): try scanWord("false", .bool, bytes)
        case UInt8(ascii: "n"): try scanWord("null", .null, bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber(bytes)
        default: throw failure(.unexpectedByte)
        }
        return true
    }

    private mutating func openContainer(_ kind: JSONValue.Kind, closing: UInt8, _ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        guard depth < maximumDepth else { throw failure(.tooDeep) }
        depth += 1
        let index = UInt32(truncatingIfNeeded: nodes.count)
        nodes.append(JSONNode(start: offset, end: 0, next: open, kind: kind, isPlain: true))
        open = index
        at += 1
        skipSpace(bytes)
        guard at < bytes.count else { throw failure(.unexpectedEnd) }
        if bytes[at] == closing {
            try close(bytes)
            return true
        }
        if kind == .object { try scanKey(bytes) }
        return false
    }

    /// Reads what follows a value inside a container: its end (true: again a value has ended), or a comma up to the next value (false).
    private mutating func closesContainer(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        guard open != JSONScanner.none else { return false }
        skipSpace(bytes)
        guard at < bytes.count else { throw failure(.unexpectedEnd) }
        let isObject = nodes[Int(open)].kind == .object
        switch bytes[at] {
        case UInt8(ascii: ","):
            at += 1
            skipSpace(bytes)
            if isObject { try scanKey(bytes) }
            return false
        case isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"):
            try close(bytes)
            return true
        default:
            throw failure(.unexpectedByte)
        }
    }

    private mutating func close(_ bytes: Span<UInt8>) throws(JSONError) {
        let index = Int(open)
        at += 1
        depth -= 1
        open = nodes[index].next
        nodes[index].end = offset
        nodes[index].next = UInt32(truncatingIfNeeded: nodes.count)
        if nodes[index].kind == .object { try refuseDuplicateKeys(of: index, bytes) }
    }

    /// Reads a key, its colon and the space up to the value.
    private mutating func scanKey(_ bytes: Span<UInt8>) throws(JSONError) {
        guard at < bytes.count else { throw failure(.unexpectedEnd) }
        guard bytes[at] == UInt8(ascii: "\"") else { throw failure(.unexpectedByte) }
        try scanString(bytes)
        skipSpace(bytes)
        guard at < bytes.count else { throw failure(.unexpectedEnd) }
        guard bytes[at] == UInt8(ascii: ":") else { throw failure(.unexpectedByte) }
        at += 1
        skipSpace(bytes)
    }

    private mutating func scanWord(_ word: StaticString, _ kind: JSONValue.Kind, _ bytes: Span<UInt8>) throws(JSONError) {
        let start = offset
        for index in 0..<word.utf8CodeUnitCount {
            guard at < bytes.count else { throw failure(.unexpectedEnd) }
            guard bytes[at] == word.utf8Start[index] else { throw failure(.unexpectedByte) }
            at += 1
        }
        append(kind, from: start, isPlain: true)
    }

    /// Writes the node of a value without children that ends here.
    mutating func append(_ kind: JSONValue.Kind, from start: UInt32, isPlain: Bool) {
        let next = UInt32(truncatingIfNeeded: nodes.count + 1)
        nodes.append(JSONNode(start: start, end: offset, next: next, kind: kind, isPlain: isPlain))
    }

    /// `at` as the tape holds it; exact, because `JSONDocument.parse` refuses longer texts.
    var offset: UInt32 { UInt32(truncatingIfNeeded: at) }

    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while at < bytes.count, bytes[at] <= 0x20 {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    /// RFC 8259 section 8.1 lets a reader ignore a UTF-8 mark; refusing it keeps one body from having two readings. UTF-16's marks are named alike.
    private func refuseByteOrderMark(_ bytes: Span<UInt8>) throws(JSONError) {
        guard bytes.count >= 2 else { return }
        switch (bytes[0], bytes[1]) {
        case (0xFE, 0xFF), (0xFF, 0xFE): throw failure(.byteOrderMark)
        case (0xEF, 0xBB) where bytes.count > 2 && bytes[2] == 0xBF: throw failure(.byteOrderMark)
        default: return
        }
    }
}

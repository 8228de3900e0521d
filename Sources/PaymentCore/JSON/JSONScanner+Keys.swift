extension JSONScanner {
    /// Up to here keys are compared with each other; beyond, a hash table is cheaper and keeps a long object from costing its square.
    private static let pairwiseLimit = 32

    /// Readers disagree on which of two equal keys counts, so such an object has no one meaning.
    func refuseDuplicateKeys(of object: Int, _ bytes: Span<UInt8>) throws(JSONError) {
        let nodes = nodes.span
        let source = bytes.bytes
        // Only keys of the same mark need a closer look, which few are.
        var marks: UInt64 = 0
        var count = 0
        var at = object + 1
        while at < nodes.count {
            let key = nodes[at]
            count += 1
            guard key.isPlain, count <= JSONScanner.pairwiseLimit else { return try compareHashed(object) }
            let mark = mark(of: key, source)
            if marks & mark != 0 { try compare(at, withEarlierOf: object, source) }
            marks |= mark
            at = Int(nodes[at + 1].next)
        }
    }

    private func compare(_ key: Int, withEarlierOf object: Int, _ source: RawSpan) throws(JSONError) {
        let nodes = nodes.span
        var earlier = object + 1
        while earlier < key {
            if haveEqualText(nodes[earlier], nodes[key], source) { throw JSONError(offset: Int(nodes[key].start), reason: .duplicateKey) }
            earlier = Int(nodes[earlier + 1].next)
        }
    }

    /// One bit of 64, the same for equal keys. The first, middle and last byte and the length tell most of PPRO's keys apart.
    private func mark(of key: JSONNode, _ source: RawSpan) -> UInt64 {
        let (start, end) = (Int(key.start), Int(key.end))
        let first = Int(source.byte(at: start + 1))
        let middle = Int(source.byte(at: (start + end) / 2))
        let last = Int(source.byte(at: end - 2))
        return 1 &<< UInt64(truncatingIfNeeded: (end - start) &* 7 &+ first &* 3 &+ middle &* 5 &+ last)
    }

    private func haveEqualText(_ one: JSONNode, _ other: JSONNode, _ source: RawSpan) -> Bool {
        one.end - one.start == other.end - other.start && source.extracting(one.content).hasSameBytes(as: source.extracting(other.content))
    }

    private func compareHashed(_ object: Int) throws(JSONError) {
        var seen: Set<JSONKey> = []
        var key = object + 1
        while key < nodes.count {
            guard seen.insert(JSONKey(nodes[key], of: source)).inserted else { throw JSONError(offset: Int(nodes[key].start), reason: .duplicateKey) }
            key = Int(nodes[key + 1].next)
        }
    }
}

/// A key by the bytes of its unescaped text. `String` would not do: its equality is canonical equivalence, which makes one of two different keys.
struct JSONKey: Hashable {
    private let text: ArraySlice<UInt8>

    init(_ node: JSONNode, of source: [UInt8]) {
        text = node.isPlain ? source[node.content] : JSONEscape.resolved(source[node.content])[...]
    }

    func hash(into hasher: inout Hasher) {
        text.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

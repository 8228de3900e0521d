extension JSONScanner {
    /// Up to here every key is compared with every other; beyond, a hash table is cheaper and keeps a long object from costing its square.
    private static let pairwiseLimit = 16

    /// Readers disagree on which of two equal keys counts, so such an object has no one meaning.
    func refuseDuplicateKeys(of object: Int, _ bytes: Span<UInt8>) throws(JSONError) {
        var count = 0
        var arePlain = true
        var key = object + 1
        while key < nodes.count {
            count += 1
            arePlain = arePlain && nodes[key].isPlain
            key = Int(nodes[key + 1].next)
        }
        if count < 2 { return }
        if arePlain, count <= JSONScanner.pairwiseLimit {
            try comparePairwise(object, bytes)
        } else {
            try compareHashed(object, count: count)
        }
    }

    private func comparePairwise(_ object: Int, _ bytes: Span<UInt8>) throws(JSONError) {
        var key = Int(nodes[object + 2].next)
        while key < nodes.count {
            var earlier = object + 1
            while earlier < key {
                if haveEqualText(nodes[earlier], nodes[key], bytes) { throw JSONError(offset: Int(nodes[key].start), reason: .duplicateKey) }
                earlier = Int(nodes[earlier + 1].next)
            }
            key = Int(nodes[key + 1].next)
        }
    }

    private func haveEqualText(_ one: JSONNode, _ other: JSONNode, _ bytes: Span<UInt8>) -> Bool {
        let length = Int(one.end - one.start)
        guard length == Int(other.end - other.start) else { return false }
        for index in 0..<length where bytes[Int(one.start) + index] != bytes[Int(other.start) + index] { return false }
        return true
    }

    private func compareHashed(_ object: Int, count: Int) throws(JSONError) {
        var seen = Set<JSONKey>(minimumCapacity: count)
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

    static func matches(_ node: JSONNode, of source: [UInt8], _ key: String) -> Bool {
        guard node.isPlain else { return JSONEscape.resolved(source[node.content]).elementsEqual(key.utf8) }
        let content = node.content
        // The length first: it tells nearly all keys apart.
        guard content.count == key.utf8.count else { return false }
        var at = content.lowerBound
        for byte in key.utf8 {
            guard source[at] == byte else { return false }
            at += 1
        }
        return true
    }
}

import PaymentCore

/// The cases of JSONTestSuite (Nicolas Seriot, https://github.com/nst/JSONTestSuite, MIT licence) by their published names, 318 in all.
///
/// One case a line: its name, for `ourChoice` the outcome, and its bytes: `text` and the text as it is, `hex` and bytes that cannot be shown,
/// `times N` and a text repeated, `nested N` for so many arrays in each other. A line that begins with a space goes on the one before.
enum PublishedCases {
    struct Case: Sendable {
        var name: String
        /// `accepted`, or the code of the reason.
        var outcome: String
        var bytes: [UInt8]
    }

    struct Unreadable: Error { var line: String }

    /// - Parameter outcome: what all of them end in; nil when the table says it for each.
    static func read(_ table: String, outcome: String?) throws -> [Case] {
        try joined(table).map { line in
            var words = line.split(separator: " ", maxSplits: outcome == nil ? 3 : 2, omittingEmptySubsequences: false).map(String.init)
            if let outcome { words.insert(outcome, at: 1) }
            guard words.count >= 3 else { throw Unreadable(line: line) }
            return Case(name: words[0], outcome: words[1], bytes: try bytes(words[2], words.count > 3 ? words[3] : "", line))
        }
    }

    private static func joined(_ table: String) -> [String] {
        table.split(separator: "\n").reduce(into: []) { lines, line in
            if line.hasPrefix(" "), let last = lines.popLast() {
                lines.append(last + (last.hasSuffix(" hex") ? " " : "") + line.drop { $0 == " " })
            } else {
                lines.append(String(line))
            }
        }
    }

    private static func bytes(_ kind: String, _ rest: String, _ line: String) throws -> [UInt8] {
        switch kind {
        case "text": return Array(rest.utf8)
        case "hex":
            guard let bytes = Hex.decode(rest) else { throw Unreadable(line: line) }
            return bytes
        case "times":
            let words = rest.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let count = Int(words[0]) else { throw Unreadable(line: line) }
            return Array(String(repeating: String(words[1]), count: count).utf8)
        case "nested":
            guard let count = Int(rest) else { throw Unreadable(line: line) }
            return Array((String(repeating: "[", count: count) + String(repeating: "]", count: count)).utf8)
        default: throw Unreadable(line: line)
        }
    }
}

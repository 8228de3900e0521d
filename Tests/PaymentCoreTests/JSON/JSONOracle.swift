/// A second JSON checker, written another way (recursive, over Unicode scalars, numbers by splitting), slow and simple on purpose: reader and oracle must
/// agree on every text.
struct JSONOracle {
    private var rest: ArraySlice<Unicode.Scalar>
    private let maximumDepth: Int

    private struct Refused: Error {}

    static func accepts(_ bytes: [UInt8], maximumDepth: Int = 64) -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        var oracle = JSONOracle(rest: Array(text.unicodeScalars)[...], maximumDepth: maximumDepth)
        do {
            try oracle.value(depth: 0)
            return oracle.rest.isEmpty
        } catch {
            return false
        }
    }

    private mutating func value(depth: Int) throws {
        space()
        switch rest.first {
        case "{":
            guard depth < maximumDepth else { throw Refused() }
            try object(depth: depth + 1)
        case "[":
            guard depth < maximumDepth else { throw Refused() }
            rest.removeFirst()
            try list(until: "]") { oracle in try oracle.value(depth: depth + 1) }
        case "\"": _ = try string()
        default: try word()
        }
        space()
    }

    private mutating func object(depth: Int) throws {
        var keys: Set<[UInt32]> = []
        rest.removeFirst()
        try list(until: "}") { oracle in
            oracle.space()
            guard keys.insert(try oracle.string()).inserted else { throw Refused() }
            oracle.space()
            guard oracle.rest.popFirst() == ":" else { throw Refused() }
            try oracle.value(depth: depth)
        }
    }

    private mutating func list(until end: Unicode.Scalar, _ item: (inout JSONOracle) throws -> Void) throws {
        space()
        if rest.first == end {
            rest.removeFirst()
            return
        }
        while true {
            try item(&self)
            switch rest.popFirst() {
            case end: return
            case ",": continue
            default: throw Refused()
            }
        }
    }

    /// The text as UTF-16 code units, so that half a pair shows.
    private mutating func string() throws -> [UInt32] {
        guard rest.popFirst() == "\"" else { throw Refused() }
        var units: [UInt32] = []
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"":
                guard String(validating: units.map { UInt16($0) }, as: UTF16.self) != nil else { throw Refused() }
                return units
            case "\\": units.append(try escape())
            case ..<" ": throw Refused()
            default: units.append(contentsOf: Character(scalar).utf16.map(UInt32.init))
            }
        }
        throw Refused()
    }

    private mutating func escape() throws -> UInt32 {
        let letters: [Unicode.Scalar: UInt32] = ["\"": 34, "\\": 92, "/": 47, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9]
        guard let letter = rest.popFirst() else { throw Refused() }
        if let unit = letters[letter] { return unit }
        let digits = rest.prefix(4)
        rest = rest.dropFirst(4)
        guard letter == "u", digits.count == 4, digits.allSatisfy({ $0.isASCII && Character($0).isHexDigit }),
            let unit = UInt32(String(String.UnicodeScalarView(digits)), radix: 16)
        else { throw Refused() }
        return unit
    }

    private mutating func word() throws {
        let word = String(String.UnicodeScalarView(rest.prefix { $0.isASCII && !" \t\r\n,]}[{:\"".unicodeScalars.contains($0) }))
        guard ["true", "false", "null"].contains(word) || isNumber(word) else { throw Refused() }
        rest = rest.dropFirst(word.unicodeScalars.count)
    }

    private func isNumber(_ word: String) -> Bool {
        let parts = word.replacing("E", with: "e").split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
        let mantissa = (parts[0].first == "-" ? parts[0].dropFirst() : parts[0]).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard isDigits(mantissa[0]), mantissa[0] == "0" || mantissa[0].first != "0" else { return false }
        if mantissa.count == 2, !isDigits(mantissa[1]) { return false }
        guard parts.count == 2 else { return true }
        return isDigits(["+", "-"].contains(parts[1].first) ? parts[1].dropFirst() : parts[1])
    }

    private func isDigits(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) } }

    private mutating func space() {
        rest = rest.drop { [" ", "\t", "\n", "\r"].contains($0) }
    }
}

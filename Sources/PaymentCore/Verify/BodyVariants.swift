/// The bodies that a body at hand may have been before somebody touched it.
enum BodyVariants {
    struct Variant {
        var bytes: [UInt8]
        var finding: SignatureDoctor.Finding?
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    static func all(of body: [UInt8]) -> [Variant] {
        let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var variants = [Variant(bytes: body, finding: nil)]
        var trimmed = body[...]
        while let last = trimmed.last, last == lineFeed || last == carriageReturn { trimmed.removeLast() }
        if trimmed.count < body.count { variants.append(Variant(bytes: Array(trimmed), finding: .bodyGainedNewline)) }
        variants.append(Variant(bytes: body + [lineFeed], finding: .bodyLostNewline))
        variants.append(Variant(bytes: body + [carriageReturn, lineFeed], finding: .bodyLostNewline))
        if body.contains(carriageReturn) { variants.append(Variant(bytes: body.filter { $0 != carriageReturn }, finding: .bodyLineEnds)) }
        if body.contains(lineFeed) && !body.contains(carriageReturn) {
            variants.append(Variant(bytes: body.flatMap { $0 == lineFeed ? [carriageReturn, lineFeed] : [$0] }, finding: .bodyLineEnds))
        }
        if body.starts(with: byteOrderMark) {
            variants.append(Variant(bytes: Array(body.dropFirst(byteOrderMark.count)), finding: .bodyByteOrderMark))
        } else {
            variants.append(Variant(bytes: byteOrderMark + body, finding: .bodyByteOrderMark))
        }
        if let document = try? JSONDocument.parse(Array(trimmed)) {
            variants += JSONStyle.common.map { Variant(bytes: $0.render(document.root), finding: .bodyReserialised) }
        }
        return variants
    }
}

/// One of the ways in which common libraries write JSON.
struct JSONStyle {
    enum Escapes { case asWritten, plain, slashes, ascii }

    var itemSeparator = ","
    var keySeparator = ":"
    /// Spaces a level; nil writes everything on one line.
    var indent: Int?
    var escapes = Escapes.asWritten

    /// JSON.stringify, Go, Jackson (compact), Python (spaces), pretty printers; with escapes kept, undone, and as PHP and Python write them.
    static let common: [JSONStyle] = [Escapes.asWritten, .plain, .slashes, .ascii].flatMap { escapes in
        [
            JSONStyle(escapes: escapes), JSONStyle(itemSeparator: ", ", keySeparator: ": ", escapes: escapes),
            JSONStyle(keySeparator: ": ", indent: 2, escapes: escapes), JSONStyle(keySeparator: ": ", indent: 4, escapes: escapes),
        ]
    }

    func render(_ value: JSONValue) -> [UInt8] {
        var out: [UInt8] = []
        write(value, level: 0, to: &out)
        return out
    }

    private func write(_ value: JSONValue, level: Int, to out: inout [UInt8]) {
        switch value.kind {
        case .object:
            let members = value.members
            write("{", members.count, "}", level, &out) { index, out in
                string(members[index].key, raw: nil, &out)
                out += Array(keySeparator.utf8)
                write(members[index].value, level: level + 1, to: &out)
            }
        case .array:
            let elements = value.elements
            write("[", elements.count, "]", level, &out) { index, out in write(elements[index], level: level + 1, to: &out) }
        case .string: string(value.string ?? "", raw: value.bytes, &out)
        case .number, .bool, .null: out += value.bytes
        }
    }

    private func write(_ open: String, _ count: Int, _ close: String, _ level: Int, _ out: inout [UInt8], _ item: (Int, inout [UInt8]) -> Void) {
        out += Array(open.utf8)
        for index in 0..<count {
            if index > 0 { out += Array(itemSeparator.utf8) }
            newLine(level + 1, &out)
            item(index, &out)
        }
        if count > 0 { newLine(level, &out) }
        out += Array(close.utf8)
    }

    private func newLine(_ level: Int, _ out: inout [UInt8]) {
        guard let indent else { return }
        out.append(UInt8(ascii: "\n"))
        out += [UInt8](repeating: UInt8(ascii: " "), count: indent * level)
    }

    private func string(_ text: String, raw: ArraySlice<UInt8>?, _ out: inout [UInt8]) {
        if escapes == .asWritten, let raw {
            out += raw
            return
        }
        var writer = JSONWriter()
        writer.string(text)
        switch escapes {
        case .asWritten, .plain: out += writer.bytes
        case .slashes: out += writer.bytes.flatMap { $0 == UInt8(ascii: "/") ? [UInt8(ascii: "\\"), $0] : [$0] }
        case .ascii:
            for scalar in writer.text.unicodeScalars {
                if scalar.isASCII { out.append(UInt8(truncatingIfNeeded: scalar.value)) } else { out += Self.escape(scalar) }
            }
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> [UInt8] {
        UTF16.encode(scalar).map { Array($0) }.map { units in
            units.flatMap { unit in
                let digits = String(unit, radix: 16)
                return Array(("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).utf8)
            }
        } ?? []
    }
}

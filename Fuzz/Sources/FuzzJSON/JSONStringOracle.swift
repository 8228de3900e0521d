/// The text of a JSON string by way of UTF-16, in which its escapes are defined; the reader goes by way of UTF-8.
enum JSONStringOracle {
    /// - Parameter quoted: a valid string with its quotes.
    static func text(_ quoted: ArraySlice<UInt8>) -> String {
        let letters: [UInt16: UInt16] = [0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09]
        var units: [UInt16] = []
        var rest = Array(String(decoding: quoted, as: UTF8.self).utf16.dropFirst().dropLast())[...]
        while let unit = rest.popFirst() {
            guard unit == UInt16(UInt8(ascii: "\\")), let letter = rest.popFirst() else {
                units.append(unit)
                continue
            }
            if letter == UInt16(UInt8(ascii: "u")) {
                units.append(UInt16(String(decoding: rest.prefix(4), as: UTF16.self), radix: 16) ?? 0)
                rest = rest.dropFirst(4)
            } else {
                units.append(letters[letter] ?? letter)
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}

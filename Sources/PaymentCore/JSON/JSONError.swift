/// Why a text is no JSON that we take, or why a value is not what was asked for.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A closed list; the raw values are stable codes for programs and logs.
    package enum Reason: String, Sendable, CaseIterable {
        case empty
        case unexpectedEnd = "unexpected_end"
        case unexpectedByte = "unexpected_byte"
        case byteOrderMark = "byte_order_mark"
        case trailingBytes = "trailing_bytes"
        case tooDeep = "too_deep"
        case tooLarge = "too_large"
        case duplicateKey = "duplicate_key"
        case invalidUTF8 = "invalid_utf8"
        case invalidEscape = "invalid_escape"
        case loneSurrogate = "lone_surrogate"
        case controlCharacter = "control_character"
        case invalidNumber = "invalid_number"
        case notAnInteger = "not_an_integer"
        case integerOutOfRange = "integer_out_of_range"
    }

    /// Bytes from the start of the text to where it was noticed.
    package var offset: Int
    package var reason: Reason

    package init(offset: Int, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }

    /// Names the place, never the content: bodies hold personal data.
    package var description: String { "\(reason.rawValue) at byte \(offset)" }
}

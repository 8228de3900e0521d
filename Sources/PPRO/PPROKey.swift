/// The bearer key of PPRO's API. It has no printable form and cannot be read back outside this module, so that it cannot end up in a log.
package struct PPROKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// Nil unless the text is 1 to 1024 visible ASCII characters: anything else is no header value, and mostly a stray line end.
    package init?(_ text: String) {
        guard (1...1024).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        self.text = text
    }

    /// The value of the `Authorization` header.
    var authorization: String { "Bearer " + text }

    /// The text without the key, should PPRO's answer repeat it.
    func removed(from text: String) -> String { text.replacing(self.text, with: "\(self)") }

    package var description: String { "(secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

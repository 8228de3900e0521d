/// Chooses notification types: `charge.captured`, `charge.*`, `ppro.REPORT_*`, `*`. Everything but `*` stands for itself; upper and lower case differ.
package struct EventPattern: Sendable, Equatable, CustomStringConvertible {
    /// Longer patterns are refused: PPRO's strings are at most 512 characters, and a pattern is written by hand.
    package static let maximumLength = 512

    private let bytes: [UInt8]

    /// nil unless `text` is 1 to 512 characters of visible ASCII without a comma (the separator in the configuration).
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.maximumLength, bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ",") })
        else { return nil }
        self.bytes = bytes
    }

    package var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether the whole of `type` fits the pattern, byte by byte.
    package func matches(_ type: String) -> Bool {
        let star = UInt8(ascii: "*")
        let text = Array(type.utf8)
        var inPattern = 0
        var inText = 0
        // Where to take up again when the current attempt fails: only the last star ever needs to take in more, so this is never exponential.
        var retry: (pattern: Int, text: Int)?
        while inText < text.count {
            if inPattern < bytes.count, bytes[inPattern] == star {
                inPattern += 1
                retry = (inPattern, inText)
            } else if inPattern < bytes.count, bytes[inPattern] == text[inText] {
                inPattern += 1
                inText += 1
            } else if let (pattern, start) = retry {
                inPattern = pattern
                inText = start + 1
                retry = (pattern, inText)
            } else {
                return false
            }
        }
        return bytes[inPattern...].allSatisfy { $0 == star }
    }
}

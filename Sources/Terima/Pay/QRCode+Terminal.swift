extension QRCode {
    /// Light modules around the symbol, as the standard asks for: without them it is hard to find.
    static let quietZone = 4

    /// The code as lines of half blocks, two rows of modules a line.
    /// - Parameter isColored: Black on white by the terminal's own colours, whatever its theme. Without, light is what the terminal shows as ink, which is
    ///   right on a dark background.
    func lines(isColored: Bool) -> [String] {
        let range = -Self.quietZone..<(size + Self.quietZone)
        return stride(from: range.lowerBound, to: range.upperBound, by: 2).map { row in
            let blocks = range.map { column in
                Self.block(upper: isDark(row: row, column: column) != isColored, lower: isDark(row: row + 1, column: column) != isColored)
            }.joined()
            // 107 is white without a tinge of grey, 30 is black.
            return isColored ? "\u{1B}[30;107m" + blocks + "\u{1B}[0m" : blocks
        }
    }

    /// A character with the halves that are no ink left empty.
    private static func block(upper isUpperEmpty: Bool, lower isLowerEmpty: Bool) -> String {
        switch (isUpperEmpty, isLowerEmpty) {
        case (false, false): "█"
        case (false, true): "▀"
        case (true, false): "▄"
        case (true, true): " "
        }
    }
}

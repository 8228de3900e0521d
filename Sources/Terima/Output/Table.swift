/// Rows for people: columns as wide as their widest cell, numbers to the right.
struct Table {
    struct Column {
        var title: String
        var isNumber = false
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [String]) { rows.append(cells.map(Self.printable)) }

    /// The table as lines, headings first; without rows only the headings.
    var lines: [String] {
        let titles = columns.map { $0.title.uppercased() }
        let widths = columns.indices.map { column in
            rows.reduce(titles[column].count) { widest, row in row.indices.contains(column) ? max(widest, row[column].count) : widest }
        }
        return ([titles] + rows).map { cells in
            let padded = cells.enumerated().map { index, cell in
                let space = String(repeating: " ", count: max(0, widths[index] - cell.count))
                return columns[index].isNumber ? space + cell : cell + space
            }
            var line = padded.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// What was sent to us must not steer the operator's terminal, nor begin a line of its own: such characters become `?`.
    static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { steers($0) ? "?" : $0 }))
    }

    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

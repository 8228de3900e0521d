/// A page of the database file as it lies there (https://sqlite.org/fileformat2.html#b_tree_pages).
///
/// SQLite zeroes what is deleted (`secure_delete`), but when it moves rows to another page to fill pages evenly, their old places may stay as they were, in the
/// part of a page between its directory and its rows that is in no use. There a body can outlive its row.
struct LeafPage {
    /// The type of a leaf of a table: only there are bodies.
    private static let tableLeaf: UInt8 = 0x0D
    private static let headerBytes = 8

    /// The bytes in no use; nil for a page of another kind or a damaged one. Never those of the file's first page, which holds the schema.
    static func unused(_ page: ArraySlice<UInt8>) -> Range<Int>? {
        let start = page.startIndex
        guard page.count >= 512, page[start] == tableLeaf else { return nil }
        func number(at place: Int) -> Int { Int(page[start + place]) << 8 | Int(page[start + place + 1]) }
        let directoryEnd = headerBytes + 2 * number(at: 3)
        let rows = number(at: 5) == 0 ? 65_536 : number(at: 5)
        guard directoryEnd <= rows, rows <= page.count else { return nil }
        return directoryEnd..<rows
    }

    /// Whether there is anything in them.
    static func hasRemains(_ page: ArraySlice<UInt8>) -> Bool {
        guard let unused = unused(page) else { return false }
        return page[(page.startIndex + unused.lowerBound)..<(page.startIndex + unused.upperBound)].contains { $0 != 0 }
    }
}

import CSQLite

/// The database file itself, through the descriptor that SQLite has open: another one, once closed, would drop SQLite's locks
/// (https://sqlite.org/howtocorrupt.html section 2.2).
extension Connection {
    /// Pages with remains of rows that lie elsewhere now, among `count` pages from the `first` on (1 is the file's first); nil behind the end.
    func pagesWithRemains(first: Int64, count: Int) throws(StoreError) -> [Int64]? {
        let size = Self.pageSize
        var buffer = [UInt8](repeating: 0, count: size * count)
        let isPastEnd = try read(&buffer, page: first)
        var found: [Int64] = []
        var isEmpty = true
        for place in 0..<count {
            let page = buffer[(place * size)..<((place + 1) * size)]
            if page[page.startIndex] != 0 { isEmpty = false }
            if LeafPage.hasRemains(page) { found.append(first + Int64(place)) }
        }
        return isPastEnd && isEmpty ? nil : found
    }

    /// Overwrites the remains on a page. Only where nobody else writes, and with an empty write-ahead log: what is in the file is then what the page holds.
    /// False: there were none.
    func overwriteRemains(page: Int64) throws(StoreError) -> Bool {
        var buffer = [UInt8](repeating: 0, count: Self.pageSize)
        _ = try read(&buffer, page: page)
        guard LeafPage.hasRemains(buffer[...]), let unused = LeafPage.unused(buffer[...]) else { return false }
        let zeros = [UInt8](repeating: 0, count: unused.count)
        let offset = (page - 1) * Int64(Self.pageSize) + Int64(unused.lowerBound)
        try check(unsafe zeros.withUnsafeBytes { unsafe terima_sqlite3_write_file(handle, $0.baseAddress, Int32(zeros.count), offset) })
        return true
    }

    /// Syncs the file, and forgets the pages in memory: they still hold what was overwritten, and would bring it back.
    func settleOverwritten() throws(StoreError) {
        try check(unsafe terima_sqlite3_sync_file(handle))
        _ = unsafe sqlite3_db_release_memory(handle)
    }

    /// True: the file ended in between; the rest of the buffer is zeros.
    private func read(_ buffer: inout [UInt8], page: Int64) throws(StoreError) -> Bool {
        let count = Int32(buffer.count)
        let result = unsafe buffer.withUnsafeMutableBytes {
            unsafe terima_sqlite3_read_file(handle, $0.baseAddress, count, (page - 1) * Int64(Self.pageSize))
        }
        if result == SQLITE_IOERR | (2 << 8) { return true }
        try check(result)
        return false
    }

    private func check(_ result: Int32) throws(StoreError) {
        guard result == SQLITE_OK else { throw error(result, sql: nil) }
    }
}

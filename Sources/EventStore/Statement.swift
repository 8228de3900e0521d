import CSQLite
import PaymentCore

/// One compiled statement. Columns are read from left to right: each reader takes the next one.
@safe
final class Statement {
    let sql: String
    private let handle: OpaquePointer
    private unowned let connection: Connection
    private var column: Int32 = 0
    private let buffer = BindBuffer()

    init(_ handle: OpaquePointer, sql: String, connection: Connection) {
        self.sql = sql
        unsafe self.handle = handle
        self.connection = connection
    }

    deinit { _ = unsafe sqlite3_finalize(handle) }

    /// Binds all parameters, first to last.
    func bind(_ values: [SQLValue]) throws(StoreError) {
        buffer.begin(bytes: values.reduce(1) { $0 + $1.byteCount })
        var position: Int32 = 0
        for value in values {
            position += 1
            try check(bind(value, at: position))
        }
    }

    /// Binds the number first and the row behind it, and runs the statement to its end. SQLite reads the row where it lies.
    func run(seq: Int64, _ row: PackedRow) throws(StoreError) {
        try unsafe row.bytes.withUnsafeBufferPointer { bytes throws(StoreError) in
            defer { reset() }
            try check(unsafe sqlite3_bind_int64(handle, 1, seq))
            var position: Int32 = 1
            for cell in row.cells {
                position += 1
                try check(unsafe bind(cell, of: UnsafeRawBufferPointer(bytes), at: position))
            }
            while try step() {}
        }
    }

    private func check(_ result: Int32) throws(StoreError) {
        guard result == SQLITE_OK else { throw connection.error(result, sql: sql) }
    }

    /// A statement that was reset has NULL everywhere.
    private func bind(_ cell: PackedRow.Cell, of bytes: UnsafeRawBufferPointer, at position: Int32) -> Int32 {
        switch cell {
        case .null: return SQLITE_OK
        case .integer(let number): return unsafe sqlite3_bind_int64(handle, position, number)
        case .text(let start, let count):
            return unsafe terima_sqlite3_bind_text(handle, position, address(of: start, in: bytes), UInt64(count))
        case .blob(let start, let count):
            return unsafe terima_sqlite3_bind_blob(handle, position, address(of: start, in: bytes), UInt64(count))
        }
    }

    /// Never nil, which would bind NULL: what is empty may lie anywhere.
    private func address(of start: Int, in bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer {
        guard let base = bytes.baseAddress else { return unsafe UnsafeRawPointer(handle) }
        return unsafe base + start
    }

    private func bind(_ value: SQLValue, at position: Int32) -> Int32 {
        switch value {
        case .integer(let number?): return unsafe sqlite3_bind_int64(handle, position, number)
        case .text(var text?):
            // With its length: a NUL inside the text must not end it.
            return text.withUTF8 { utf8 in
                // No address would bind NULL.
                guard let copy = unsafe buffer.copy(UnsafeRawBufferPointer(utf8)) else { return SQLITE_NOMEM }
                return unsafe terima_sqlite3_bind_text(handle, position, copy, UInt64(utf8.count))
            }
        case .blob(let bytes?):
            return unsafe bytes.withUnsafeBytes { bytes in
                guard let copy = unsafe buffer.copy(bytes) else { return SQLITE_NOMEM }
                return unsafe terima_sqlite3_bind_blob(handle, position, copy, UInt64(bytes.count))
            }
        case .integer(nil), .text(nil), .blob(nil): return unsafe sqlite3_bind_null(handle, position)
        }
    }

    /// Moves to the next row; false when there is none.
    func step() throws(StoreError) -> Bool {
        column = 0
        let result = unsafe sqlite3_step(handle)
        switch result {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw connection.error(result, sql: sql)
        }
    }

    /// Makes the statement ready for its next use and lets go of its values. An error of the last step was already thrown there.
    func reset() {
        _ = unsafe sqlite3_reset(handle)
        _ = unsafe sqlite3_clear_bindings(handle)
        buffer.end()
    }
}

extension Statement {
    private func next() -> Int32 {
        defer { column += 1 }
        return column
    }

    /// NULL reads as nil; any other type than an integer is refused, since the tables are STRICT.
    func integerOrNil() throws(StoreError) -> Int64? {
        let column = next()
        switch unsafe sqlite3_column_type(handle, column) {
        case SQLITE_NULL: return nil
        case SQLITE_INTEGER: return unsafe sqlite3_column_int64(handle, column)
        default: throw surprise(column)
        }
    }

    func textOrNil() throws(StoreError) -> String? {
        let column = next()
        switch unsafe sqlite3_column_type(handle, column) {
        case SQLITE_NULL: return nil
        case SQLITE_TEXT:
            // The text first, then its length: https://sqlite.org/c3ref/column_blob.html
            guard let start = unsafe sqlite3_column_text(handle, column) else { throw connection.error(SQLITE_NOMEM, sql: sql) }
            let count = Int(unsafe sqlite3_column_bytes(handle, column))
            return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
        default: throw surprise(column)
        }
    }

    /// The column as text whatever its type: for PRAGMAs.
    func anyText() throws(StoreError) -> String {
        switch unsafe sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: String(try integer())
        default: try text()
        }
    }

    func bytesOrNil() throws(StoreError) -> [UInt8]? {
        let column = next()
        switch unsafe sqlite3_column_type(handle, column) {
        case SQLITE_NULL: return nil
        case SQLITE_BLOB:
            let start = unsafe sqlite3_column_blob(handle, column)
            let count = Int(unsafe sqlite3_column_bytes(handle, column))
            return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
        default: throw surprise(column)
        }
    }

    func integer() throws(StoreError) -> Int64 { try required(integerOrNil()) }
    func text() throws(StoreError) -> String { try required(textOrNil()) }
    func bytes() throws(StoreError) -> [UInt8] { try required(bytesOrNil()) }
    func flag() throws(StoreError) -> Bool { try integer() != 0 }

    func notificationBody() throws(StoreError) -> [UInt8] { try required(StoredBody.expanded(bytes())) }
    func time() throws(StoreError) -> Instant { Instant(milliseconds: try integer()) }
    func timeOrNil() throws(StoreError) -> Instant? { try integerOrNil().map { Instant(milliseconds: $0) } }

    func count() throws(StoreError) -> Int { Int(clamping: try integer()) }
    func countOrNil() throws(StoreError) -> Int? { try integerOrNil().map { Int(clamping: $0) } }

    /// One of the words that a CHECK allows.
    func word<Word: RawRepresentable>(_ type: Word.Type = Word.self) throws(StoreError) -> Word where Word.RawValue == String {
        try required(wordOrNil(type))
    }

    func wordOrNil<Word: RawRepresentable>(_ type: Word.Type = Word.self) throws(StoreError) -> Word? where Word.RawValue == String {
        guard let text = try textOrNil() else { return nil }
        guard let word = Word(rawValue: text) else { throw surprise(column - 1) }
        return word
    }

    private func required<Value>(_ value: Value?) throws(StoreError) -> Value {
        guard let value else { throw surprise(column - 1) }
        return value
    }

    /// The schema's own CHECKs are broken: somebody else wrote here, or the file is damaged.
    private func surprise(_ column: Int32) -> StoreError {
        StoreError(.databaseCorrupt, sql: sql, message: "column \(column) holds what the schema does not allow")
    }
}

extension Connection {
    private static let begin = SQL("BEGIN")
    private static let beginImmediate = SQL("BEGIN IMMEDIATE")
    private static let commit = SQL("COMMIT")
    private static let rollback = SQL("ROLLBACK")

    /// Runs a kept statement that gives no rows.
    func run(_ sql: SQL, _ values: SQLValue...) throws(StoreError) { try run(sql, values) }

    func run(_ sql: SQL, _ values: [SQLValue]) throws(StoreError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {}
    }

    /// Runs a kept INSERT whose first value is the row's number and whose others are packed.
    func insert(_ sql: SQL, seq: Int64, _ row: PackedRow) throws(StoreError) {
        let statement = try statement(sql)
        try statement.run(seq: seq, row)
    }

    /// All rows of a kept statement, each read by `read`.
    func rows<Row>(_ sql: SQL, _ values: SQLValue..., read: (Statement) throws(StoreError) -> Row) throws(StoreError) -> [Row] {
        try rows(of: statement(sql), values, read: read)
    }

    /// The first row of a kept statement.
    func row<Row>(_ sql: SQL, _ values: SQLValue..., read: (Statement) throws(StoreError) -> Row) throws(StoreError) -> Row? {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        return try statement.step() ? try read(statement) : nil
    }

    func rows<Row>(of statement: Statement, _ values: [SQLValue], read: (Statement) throws(StoreError) -> Row) throws(StoreError) -> [Row] {
        defer { statement.reset() }
        try statement.bind(values)
        var rows: [Row] = []
        while try statement.step() { rows.append(try read(statement)) }
        return rows
    }

    /// The one integer of a kept statement's first row; nil for NULL and for no row.
    func integer(_ sql: SQL, _ values: SQLValue...) throws(StoreError) -> Int64? {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        return try statement.step() ? try statement.integerOrNil() : nil
    }

    /// BEGIN IMMEDIATE, `body`, COMMIT; after any error ROLLBACK, and proof that nothing stayed open.
    func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try run(Self.beginImmediate)
        enterTransaction()
        do {
            let result = try body()
            try run(Self.commit)
            leaveTransaction()
            return result
        } catch {
            try rollBack(after: error)
            throw error
        }
    }

    /// Several SELECTs on one state of the database.
    func snapshot<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try run(Self.begin)
        do {
            let result = try body()
            try run(Self.commit)
            return result
        } catch {
            try rollBack(after: error)
            throw error
        }
    }

    private func rollBack(after cause: any Error) throws(StoreError) {
        // SQLite rolls back by itself after some errors (https://sqlite.org/c3ref/get_autocommit.html); a second ROLLBACK would be an error.
        leaveTransaction()
        if !isAutocommit { try? run(Self.rollback) }
        guard isAutocommit else {
            throw StoreError(.rollbackFailed, message: "a transaction could not be rolled back after: \(cause)")
        }
    }
}

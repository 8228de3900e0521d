/// A read-only connection: sees what is committed, writes nothing, checkpoints nothing. Not Sendable: one thread at a time.
///
/// Listings come newest first, or oldest first when the page says `after`.
package final class Reader {
    let connection: Connection

    /// Throws `database_missing`, `database_foreign`, `database_newer`, `database_older` and what the disk says.
    package static func open(path: String) throws(StoreError) -> Reader { try Reader(path: path) }

    private init(path: String) throws(StoreError) {
        let file = DatabaseFile(path: path)
        guard file.exists else { throw StoreError(.databaseMissing, message: "there is no database at \(path)") }
        try file.refuseOrphanedLog()
        connection = try Connection(path: path, access: .readOnly)
        try connection.harden()
        guard case .ours(let version) = try Migrations.examine(connection) else {
            try connection.refuseEmptyWhereOneWas()
            throw StoreError(.databaseForeign, message: "\(path) is empty; the service creates the database when it starts")
        }
        try connection.refuseOtherDatabase()
        guard version == Migrations.newestVersion else {
            throw StoreError(.databaseOlder, message: "\(path) has layout \(version) of \(Migrations.newestVersion); starting the service brings it up")
        }
        try connection.applyReaderSettings()
    }

    /// Several queries on one state of the database.
    package func snapshot<Result>(_ body: (Reader) throws(StoreError) -> Result) throws(StoreError) -> Result {
        try connection.snapshot { () throws(StoreError) in try body(self) }
    }

    /// The rows of a listing: `select` up to FROM and its joins, `seq` the column that pages count by.
    func list<Row>(
        _ select: String, _ conditions: Conditions, _ page: Page, seq: StaticString = "seq", read: (Statement) throws(StoreError) -> Row
    ) throws(StoreError) -> [Row] {
        var conditions = conditions
        conditions.add(page, seq: seq)
        let statement = try connection.prepare("\(select) \(conditions.sql) ORDER BY \(seq) \(page.direction) LIMIT ?")
        return try connection.rows(of: statement, conditions.values + [.count(max(0, page.limit))], read: read)
    }
}

/// The ladder from an empty file to the newest layout. `user_version` says which rung a database stands on, `application_id` that it is terima's.
enum Migrations {
    /// `trma` in ASCII.
    static let applicationID: Int64 = 0x7472_6D61
    /// One entry a version; a released entry is never edited, only followed by the next.
    private static let ladder: [String] = [String(decoding: PackageResources.schema_sql, as: UTF8.self)]

    static var newestVersion: Int64 { Int64(ladder.count) }

    enum State: Equatable {
        case empty
        /// terima's, at this version.
        case ours(version: Int64)
    }

    private static let facts = SQL(
        """
        SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)
        """)

    /// Whose file it is, before anything in it is touched. Throws `database_foreign` and `database_newer`.
    static func examine(_ connection: Connection) throws(StoreError) -> State {
        let found: (application: Int64, version: Int64, objects: Int64)?
        do {
            found = try connection.row(facts) { row throws(StoreError) in (try row.integer(), try row.integer(), try row.integer()) }
        } catch let error where error.kind == .databaseCorrupt {
            throw StoreError(
                .databaseForeign, extended: error.extended,
                message:
                    "\(connection.path) is not a database, or its beginning is damaged (\(error.message)); if it was one keep a copy of it and its -wal, and restore a backup"
            )
        }
        guard let found else { return .empty }
        if found.application == 0, found.version == 0, found.objects == 0 { return .empty }
        guard found.application == applicationID, found.version >= 1 else {
            throw StoreError(.databaseForeign, message: "\(connection.path) was not made by terima; name another file")
        }
        guard found.version <= newestVersion else {
            throw StoreError(
                .databaseNewer,
                message:
                    "\(connection.path) has layout \(found.version), this terima knows up to \(newestVersion); start the version that wrote it, or a newer one")
        }
        return .ours(version: found.version)
    }

    /// Climbs to the newest version, one transaction a rung.
    static func climb(_ connection: Connection, from state: State) throws(StoreError) {
        var version: Int64 = if case .ours(let version) = state { version } else { 0 }
        for rung in ladder.dropFirst(Int(version)) {
            version += 1
            do {
                try connection.transaction {
                    try connection.execute(rung)
                    try connection.execute("PRAGMA application_id = \(applicationID)")
                    try connection.execute("PRAGMA user_version = \(version)")
                }
            } catch let error as StoreError {
                throw error
            } catch {
                throw StoreError(.unexpected, message: "migration to layout \(version): \(error)")
            }
        }
    }
}

extension Connection {
    /// Drawn when the database was made: 32 hexadecimal digits.
    func databaseID() throws(StoreError) -> String {
        let ids = try rows(of: prepare("SELECT lower(hex(id)) FROM origin WHERE one = 1"), []) { row throws(StoreError) in try row.text() }
        guard let id = ids.first else {
            throw StoreError(.databaseCorrupt, message: "\(path) does not say which database it is; keep a copy of it and restore a backup")
        }
        return id
    }

    /// Throws `database_foreign` when another database was here before, be it that the file or that its log was exchanged.
    func refuseOtherDatabase() throws(StoreError) {
        guard let known = DiskReserve.note(database: path), try databaseID() != known else { return }
        throw StoreError(
            .databaseForeign,
            message: "\(path) or its -wal is of another database than the one that was here: put the right files back, or restore a backup; "
                + "if this is the one you want remove \(DiskReserve.file(path))")
    }

    /// Throws `database_missing` when there is nothing in the file although there was a database.
    func refuseEmptyWhereOneWas() throws(StoreError) {
        guard DiskReserve.note(database: path) != nil else { return }
        throw StoreError(
            .databaseMissing,
            message: "there is nothing in \(path), and its -wal is missing or cannot be read: put them back, or restore a backup; "
                + "to begin with an empty one remove \(DiskReserve.file(path))")
    }

    /// What SQLite finds wrong with the file: pages that do not fit together, rows that the schema does not allow. Empty: nothing. Reads the whole file.
    func damage(limit: Int = 5) throws(StoreError) -> [String] {
        do {
            let found = try rows(of: prepare("PRAGMA quick_check(\(limit))"), []) { row throws(StoreError) in try row.text() }
            return found == ["ok"] ? [] : found
        } catch let error where error.kind == .databaseCorrupt {
            return [error.message]
        }
    }

    /// Throws `database_corrupt` when the file is damaged.
    func refuseDamage() throws(StoreError) {
        guard let first = try damage().first else { return }
        throw StoreError(.databaseCorrupt, message: first.split(separator: "\n").joined(separator: " "))
    }
}

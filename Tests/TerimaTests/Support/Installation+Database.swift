import PaymentCore

@testable import EventStore

/// The database as SQLite sees it, beside whoever has it open.
extension Installation {
    func integer(_ sql: String) throws -> Int64? {
        let connection = try Connection(path: database, access: .readOnly)
        let statement = try connection.prepare(sql)
        return try statement.step() ? try statement.integerOrNil() : nil
    }

    func text(_ sql: String) throws -> String? {
        let connection = try Connection(path: database, access: .readOnly)
        let statement = try connection.prepare(sql)
        return try statement.step() ? try statement.textOrNil() : nil
    }

    /// Changes a row behind terima's back; only while it is down.
    func tamper(_ sql: String) throws {
        let connection = try Connection(path: database, access: .readWrite)
        try connection.execute(sql)
        try connection.close()
    }
}

import PaymentCore

/// Where personal data lies. Everything is looked through in parts, each on its own state of the database.
extension Reader {
    private static let payloadBodies = SQL("SELECT event, body FROM payload WHERE event > ?1 AND event <= ?2")
    private static let conflictBodies = SQL("SELECT event, body FROM conflict WHERE seq > ?1 AND seq <= ?2 AND body IS NOT NULL")
    // Of charges and agreements only what terima itself says of them is told: nothing about persons.
    private static let passedOnBodies = SQL(
        "SELECT event, body FROM notification WHERE seq > ?1 AND seq <= ?2 AND version IS NULL AND body IS NOT NULL")
    private static let subjects = SQL("SELECT seq, subject FROM event WHERE seq > ?1 AND seq <= ?2 AND subject IS NOT NULL")
    private static let subjectOf = SQL("SELECT subject FROM event WHERE seq = ?")
    private static let unreadableBodies = SQL(
        "SELECT p.event, p.body FROM event AS e JOIN payload AS p ON p.event = e.seq WHERE e.state = 'failed' AND e.subject IS NULL")

    func newestEvent() throws(StoreError) -> Int64 { try connection.newestEvent() }

    /// The tables with bodies that PPRO wrote.
    enum BodyTable: Sendable, CaseIterable { case payload, conflict, notification }

    /// The last number in a table of bodies.
    func newestBody(in table: BodyTable) throws(StoreError) -> Int64 {
        switch table {
        case .payload: try newestEvent()
        case .conflict: try connection.integer(Self.conflictCount) ?? 0
        case .notification: try newestNotification()
        }
    }

    /// Events with a body in which the word is found.
    func events(in table: BodyTable, _ part: ClosedRange<Int64>, finding search: JSONTextSearch) throws(StoreError) -> [Int64] {
        let sql =
            switch table {
            case .payload: Self.payloadBodies
            case .conflict: Self.conflictBodies
            case .notification: Self.passedOnBodies
            }
        return try matches(connection.statement(sql), [.integer(part.lowerBound - 1), .integer(part.upperBound)], search)
    }

    /// Events that could not be read, and so have no subject, with a body in which the word is found.
    func unreadableEvents(finding search: JSONTextSearch) throws(StoreError) -> [Int64] {
        try matches(connection.statement(Self.unreadableBodies), [], search)
    }

    /// Events about one of the subjects.
    func events(_ part: ClosedRange<Int64>, about wanted: Set<String>) throws(StoreError) -> [Int64] {
        let statement = try connection.statement(Self.subjects)
        defer { statement.reset() }
        try statement.bind([.integer(part.lowerBound - 1), .integer(part.upperBound)])
        var found: [Int64] = []
        while try statement.step() {
            let (seq, subject) = (try statement.integer(), try statement.text())
            if wanted.contains(subject) { found.append(seq) }
        }
        return found
    }

    func subject(of seq: Int64) throws(StoreError) -> String? {
        try connection.row(Self.subjectOf, .integer(seq)) { row throws(StoreError) in try row.textOrNil() } ?? nil
    }

    private func matches(_ statement: Statement, _ values: [SQLValue], _ search: JSONTextSearch) throws(StoreError) -> [Int64] {
        defer { statement.reset() }
        try statement.bind(values)
        var found: [Int64] = []
        while try statement.step() {
            let (seq, body) = (try statement.integer(), try statement.bytes())
            if search.finds(in: body) { found.append(seq) }
        }
        return found
    }
}

import PaymentCore

@testable import EventStore
@testable import Worker

/// What the tests read back, by SQL on the tables of `schema.sql`: what is stored is what counts.
extension Rig {
    struct EventRow {
        var id: String
        var state: String
        var outcome: String?
        var error: String?
    }

    struct DeliveryRow {
        var endpoint: String
        var state: String
        var attempts: Int
    }

    struct AttemptRow {
        var number: Int
        var at: Instant
        var status: Int?
        var error: String?
    }

    /// Cuts off what is stored of the first notification.
    func damageFirstBody() throws {
        try store.write("damage") { try $0.connection.execute("UPDATE notification SET body = substr(body, 1, 40) WHERE seq = 1") }
    }

    func events() throws -> [EventRow] {
        try store.rows("SELECT id, state, outcome, error FROM event ORDER BY seq") { row throws(StoreError) in
            EventRow(id: try row.text(), state: try row.text(), outcome: try row.textOrNil(), error: try row.textOrNil())
        }
    }

    func event(_ id: String) throws -> EventRow {
        guard let row = try events().first(where: { $0.id == id }) else { throw NotThere() }
        return row
    }

    func failed() throws -> [EventRow] { try events().filter { $0.state == "failed" } }

    /// The charges that PPRO is still to be asked about for more than being open for long.
    func standingDoubts() throws -> [String] {
        try store.rows("SELECT id FROM charge WHERE ask_reason NOT IN ('pending', 'processing') ORDER BY seq") { row throws(StoreError) in try row.text() }
    }

    /// Of a charge's events, in order of arrival.
    func outcomes(_ charge: String) throws -> [Outcome] { try store.outcomes(charge).sorted { $0.key < $1.key }.map(\.value) }

    func history(_ charge: String) throws -> [(version: Int, type: String)] {
        try store.rows(
            "SELECT n.version, n.type FROM notification AS n JOIN charge AS c ON c.seq = n.charge WHERE c.id = ? ORDER BY n.version", [.text(charge)]
        ) { row throws(StoreError) in (try row.count(), try row.text()) }
    }

    /// In the order they were enqueued.
    func deliveries() throws -> [DeliveryRow] {
        try store.rows("SELECT endpoint, state, attempts FROM delivery ORDER BY seq") { row throws(StoreError) in
            DeliveryRow(endpoint: try row.text(), state: try row.text(), attempts: try row.count())
        }
    }

    /// Of the delivery at this place among `deliveries()`.
    func attempts(ofDelivery place: Int) throws -> [AttemptRow] {
        try store.rows(
            """
            SELECT number, at, status, error FROM attempt WHERE delivery = (SELECT seq FROM delivery ORDER BY seq LIMIT 1 OFFSET ?) ORDER BY number
            """, [.count(place)]
        ) { row throws(StoreError) in
            AttemptRow(number: try row.count(), at: try row.time(), status: try row.countOrNil(), error: try row.textOrNil())
        }
    }

    @discardableResult
    func replay(failed: Bool) throws -> ReplayCount {
        let request = ReplayRequest(ReplaySelection(failed: failed), at: Instant(milliseconds: now), who: "test", reason: nil)
        var plan = try Reader.open(path: store.path).replayPlan(request.selection)
        guard let all = plan.next(rows: .max) else { throw NotThere() }
        return try store.write("replay") { try $0.replay(all, of: request, record: nil).count }
    }

    /// The schema refuses such rows from now on, as it would refuse what breaks one of its rules.
    func refuse(insertInto table: String, when condition: String = "1") throws {
        try store.execute("CREATE TRIGGER refuse_\(table) BEFORE INSERT ON \(table) WHEN \(condition) BEGIN SELECT RAISE(ABORT, 'refused'); END")
    }

    func refuseNoMore(insertInto table: String) throws { try store.execute("DROP TRIGGER refuse_\(table)") }

    func refuse(update column: String, of table: String) throws {
        try store.execute("CREATE TRIGGER refuse_\(column) BEFORE UPDATE OF \(column) ON \(table) BEGIN SELECT RAISE(ABORT, 'refused'); END")
    }

    func refuseNoMore(update column: String, of table: String) throws { try store.execute("DROP TRIGGER refuse_\(column)") }

    struct NotThere: Error {}
}

extension EventStore {
    func charge(_ id: String) throws -> StoredCharge? { try write("look") { try $0.charge(id: id) } }

    /// Of a charge's applied events, by `seq`.
    func outcomes(_ charge: String) throws -> [Int64: Outcome] {
        try write("look") { try $0.outcomesOfCharge(try $0.charge(id: charge)?.seq ?? 0) }
    }

    fileprivate func execute(_ sql: String) throws { _ = try rows(sql) { _ in } }

    fileprivate func rows<Row>(_ sql: String, _ values: [SQLValue] = [], read: (Statement) throws(StoreError) -> Row) throws -> [Row] {
        try write("look") { try $0.connection.rows(of: try $0.connection.prepare(sql), values, read: read) }
    }
}

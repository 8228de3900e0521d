import Foundation
import PaymentCore
import Testing

@testable import EventStore

@Suite struct QueryPlanTests {
    /// Statements that may walk over a whole table or index, each with the reason why that is bounded or rare.
    private static let allowed = [
        ("SELECT first, fingerprints FROM identity ORDER BY first", "the duplicate check is loaded once at start"),
        ("SELECT seq FROM event\nWHERE seq > coalesce(", "a thousand events at most"),
        ("FROM identity WHERE instr(fingerprints, ?) > 0", "an operator looks for one event by id: 8 bytes an event"),
        ("SELECT seq FROM event WHERE id = ? ORDER BY seq DESC", "only for an id that no source in use knows"),
        ("SELECT DISTINCT source FROM (SELECT source FROM event ORDER BY seq DESC LIMIT 100)", "100 rows"),
        ("SELECT seq FROM event ORDER BY seq DESC LIMIT 1", "one row"),
        ("SELECT received_at FROM event WHERE source <> ", "answers of PPRO's since the last webhook"),
        ("SELECT endpoint, count(*) FROM delivery WHERE state = 'pending' GROUP BY endpoint", "what is pending, for status"),
        ("SELECT endpoint, count(*) FROM delivery WHERE state = 'dead' GROUP BY endpoint", "what is dead, for status"),
        ("UPDATE delivery SET next_attempt_at = ?2 WHERE state = 'pending' AND next_attempt_at > ?1", "what is pending, once at start"),
        ("SELECT endpoint, lane FROM delivery WHERE state = 'pending' GROUP BY", "what is pending, once at start"),
        ("INDEXED BY delivery_lane CROSS JOIN notification", "what is pending or dead, for the alarms"),
        ("FROM pragma_application_id", "not a table of ours"),
        ("SELECT min(event) FROM payload", "one row"),
    ]
    /// Partial indexes that hold only what waits, failed or is to be looked at: walking over them is what they are for.
    private static let smallIndexes = [
        "event_failed", "event_again", "charge_anomalous", "agreement_anomalous", "charge_to_ask", "charge_overdue", "delivery_lane", "delivery_dead",
    ]

    /// Statements that may build a temporary table, because few webhooks cause them.
    private static let rarelyWritten = [
        "SET asked = asked + 1", "round = attempts", "next_attempt_at > ?2", "DELETE FROM alarm", "DELETE FROM attempt", "SET body = NULL",
    ]

    @Test func noKeptStatementWalksOverATable() async throws {
        let fixture = try await useEverything()
        let reader = try fixture.reader()
        try readEverything(reader)
        let written = try fixture.store.write("test") { $0.connection.keptSQL }
        let read = reader.connection.keptSQL
        // Every statement in the sources was exercised above; a new one must be added there.
        let exercised = Set(written + read).count
        #expect(exercised == (try declaredStatements()))

        try fixture.store.write("test") { transaction throws in
            for sql in Set(written + read) {
                for step in try plan(of: sql, on: transaction.connection) {
                    let isWalk = step.hasPrefix("SCAN") || step.contains("AUTOMATIC")
                    let isSmall = Self.smallIndexes.contains { step.hasSuffix("INDEX \($0)") } || step == "SCAN CONSTANT ROW"
                    let isAllowed = Self.allowed.contains { sql.contains($0.0) }
                    if isWalk, !isSmall, !isAllowed { Issue.record("\(step): \(sql)") }
                }
            }
        }
    }

    /// A list of more than two constants after IN, RETURNING and the like make SQLite build a table for each execution: the dearest part of a small statement.
    @Test func whatIsWrittenForEveryEventBuildsNoTemporaryTable() async throws {
        let fixture = try await useEverything()
        try fixture.store.write("test") { transaction throws in
            let written = transaction.connection.keptSQL.filter { sql in
                ["INSERT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) } && !Self.rarelyWritten.contains { sql.contains($0) }
            }
            #expect(written.count > 10)
            for sql in written {
                let builds = try transaction.connection.rows(of: try transaction.connection.prepare("EXPLAIN " + sql), []) { row throws(StoreError) in
                    _ = try row.integer()
                    return try row.text()
                }.filter { $0 == "OpenEphemeral" }
                #expect(builds.isEmpty, "\(sql)")
            }
        }
    }

    @Test func dueDeliveriesUseTheirIndexes() async throws {
        let fixture = try await useEverything()
        try fixture.store.write("test") { transaction throws in
            let sql = try #require(transaction.connection.keptSQL.first { $0.contains("d.next_attempt_at <= ?2") })
            let plan = try plan(of: sql, on: transaction.connection)
            #expect(plan.contains { $0.contains("INDEX delivery_due") })
            #expect(plan.contains { $0.contains("INDEX delivery_lane") })
            #expect(!plan.contains { $0.contains("TEMP B-TREE") })
        }
    }

    private func plan(of sql: String, on connection: Connection) throws -> [String] {
        try connection.rows(of: try connection.prepare("EXPLAIN QUERY PLAN " + sql), []) { row throws(StoreError) in
            _ = try row.integer()
            _ = try row.integer()
            _ = try row.integer()
            return try row.text()
        }
    }

    /// How many `SQL` constants the sources declare.
    private func declaredStatements() throws -> Int {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Sources/EventStore")
        var count = 0
        for file in try FileManager.default.contentsOfDirectory(at: sources, includingPropertiesForKeys: nil) where file.pathExtension == "swift" {
            count += try String(contentsOf: file, encoding: .utf8).components(separatedBy: " = SQL(").count - 1
        }
        return count
    }

    private func useEverything() async throws -> Fixture {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...3)
        _ = await fixture.store.appendTogether([
            Sample.event("a-1", charge: "a"), Sample.event("a-1", body: "other"), Sample.unreadable("u"), Sample.unreadable("v"),
        ])
        struct Stop: Error {}
        _ = try? fixture.store.write("test") { _ in throw Stop() }
        _ = try await fixture.replay(ReplaySelection(failed: true), rows: 1)
        try fixture.store.write("test") { transaction throws in
            _ = try transaction.waitingEvents(limit: 10)
            _ = try transaction.payload(of: 1)
            try transaction.markApplied(1, outcome: .advanced, charge: 1, agreement: nil)
            try transaction.setOutcome(1, .late)
            try transaction.markFailed(2, error: "x")
            guard case .readable(let facts) = Sample.event("r").content else { return }
            _ = try transaction.restate(4, identity: EventIdentity(source: "s", id: "r"), facts: facts)
            try transaction.advanceProgress(to: 5)
            _ = try transaction.appliedThrough()
            _ = try transaction.eventsOfCharge(1)
            _ = try transaction.outcomesOfCharge(1)
            try transaction.updateCharge(1, Sample.charge("a"), version: 2)
            try transaction.updateCharge(1, Sample.charge("a", status: .authenticationPending), version: 3, after: .answer)
            _ = try transaction.claimAsks(limit: 10, now: Sample.at(1_000_000_000))
            _ = try transaction.nextAsk()
            try transaction.settleAsk(charge: "a")
            try transaction.postponeAsk(charge: "a", until: Sample.start)
            _ = try transaction.doubtOpenCharges(.downtime, after: .start, limit: 10, now: Sample.start)
            _ = try transaction.doubtCharges(changedSince: Sample.start, afterSeq: 0, through: try transaction.newestCharge(), now: Sample.start)
            try transaction.updateCharge(1, Sample.charge("a"), version: 4, after: .anomaly)
            try transaction.settleAsk(charge: "a")
            _ = try transaction.acknowledgeAlarms(of: "a", kinds: AlarmKind.allCases, rules: .init(), now: Sample.start, who: "tester", reason: nil)
            var agreement = Agreement(id: "agr_1", status: .active, createdAt: Sample.start, updatedAt: Sample.start)
            let seq = try transaction.insertAgreement(agreement)
            agreement.anomalies = 1
            try transaction.updateAgreement(seq, agreement, version: 2)
            _ = try transaction.agreement(id: "agr_1")
            _ = try transaction.eventsOfAgreement(seq)
            _ = try transaction.outcomesOfAgreement(seq)
            _ = try transaction.nextDue(endpoint: "shop", after: Sample.start)
            _ = try transaction.pullForward(endpoint: "shop", now: Sample.start)
            _ = try transaction.backlog(endpoint: "shop")
            try transaction.moveDue(byMilliseconds: 1)
            try transaction.restartWaits(now: Sample.start)
            try transaction.reclampDue(latest: Sample.start, now: Sample.start)
        }
        try fixture.record(try #require(try fixture.due(at: 0).first), at: 0, status: 410, next: .dead)
        _ = try await fixture.replay(ReplaySelection(event: "a-1", delivered: true))
        _ = try await fixture.replay(ReplaySelection(event: "nobody"))
        _ = await fixture.store.appendTogether((0..<FingerprintTail.rowCount).map { Sample.event("many-\($0)") })
        try fixture.store.write("test") { try $0.replaceFingerprint(of: 1, with: 1) }
        try purgeAndErase(fixture)
        return fixture
    }

    private func purgeAndErase(_ fixture: Fixture) throws {
        try fixture.store.write("test") { transaction throws in
            try transaction.connection.execute(
                "UPDATE delivery SET state = 'delivered', next_attempt_at = NULL, finished_at = 0 WHERE notification = 2")
            for stage in PurgeStage.allCases { _ = try transaction.purge(stage, [2], before: Sample.start) }
            try transaction.enqueue(Sample.notification("other", version: nil), about: .event, cause: 3, endpoints: ["shop"], now: Sample.start)
            try transaction.connection.execute("UPDATE notification SET body = zeroblob(10000) WHERE id = 'ntf_other'")
            let request = EraseRequest(.subject("a"), at: Sample.start, who: "tester", reason: nil)
            let record = try transaction.erase([3], of: request, record: nil).record
            _ = try transaction.erase([], of: request, record: record)
        }
    }

    private func readEverything(_ reader: Reader) throws {
        _ = try reader.event(id: "a-1")
        _ = try reader.event(id: "a-2")
        _ = try reader.event(id: "nobody")
        _ = try reader.charge(id: "a")
        _ = try reader.charges(named: "reference")
        _ = try reader.newestNotification()
        _ = try reader.everyCharge(afterSeq: 0, limit: 1)
        _ = try reader.agreement(id: "agr_1")
        _ = try reader.everyAgreement(afterSeq: 0, limit: 1)
        _ = try reader.delivery(id: "ntf_a-1")
        _ = try reader.status()
        _ = try reader.openCharges(now: Sample.start)
        for kind in AlarmKind.allCases {
            _ = try reader.alarms(kind, .init(), now: Sample.start, limit: 1)
            _ = try reader.alarmSums(kind, .init(), now: Sample.start)
        }
        for stage in PurgeStage.allCases {
            let start = try #require(try reader.purgeBegin(stage))
            _ = try reader.purgeBatch(stage, after: start, before: Sample.start, span: 10)
        }
        _ = try reader.attempts(ofNotification: 1)
        let search = try #require(JSONTextSearch("a"))
        for table in Reader.BodyTable.allCases {
            _ = try reader.newestBody(in: table)
            _ = try reader.events(in: table, 1...10, finding: search)
        }
        _ = try reader.unreadableEvents(finding: search)
        _ = try reader.events(1...10, about: ["a"])
        _ = try reader.subject(of: 1)
        #expect(throws: StoreError.self) { try reader.snapshot { _ throws(StoreError) in throw StoreError(.unexpected, message: "test") } }
    }
}

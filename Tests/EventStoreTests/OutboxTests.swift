import PaymentCore
import Testing

@testable import EventStore

@Suite struct OutboxTests {
    @Test func oneChargeGoesOutVersionByVersionAndChargesSideBySide() async throws {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...3)
        try await fixture.tell("b", versions: 1...2)
        #expect(try fixture.dueNames(at: 0) == ["a-1", "b-1"])
        #expect(try fixture.dueNames(at: -1) == [])
        try fixture.record(try fixture.due(at: 0)[0], at: 5, next: .delivered)
        #expect(try fixture.dueNames(at: 20) == ["b-1", "a-2"])
        try fixture.record(try fixture.due(at: 20)[0], at: 20, status: 500, next: .dead)
        #expect(try fixture.dueNames(at: 40) == ["a-2", "b-2"])
    }

    @Test func whatIsUnderWayIsNotHandedOutAgain() async throws {
        let fixture = try Fixture()
        for charge in ["a", "b", "c"] { try await fixture.tell(charge, versions: 1...2) }
        let first = try fixture.due(at: 0, limit: 2)
        #expect(first.count == 2)
        #expect(try fixture.dueNames(at: 0, limit: 2, excluding: Set(first.map(\.seq))) == ["c-1"])
    }

    @Test func aRetryHoldsUpItsChargeAndOnlyThat() async throws {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...2)
        try await fixture.tell("b", versions: 1...1)
        let a = try fixture.due(at: 0)[0]
        #expect(a.attempts == 0)
        try fixture.record(a, at: 0, status: nil, error: "timeout", next: .retry(at: Sample.at(1_000)))
        #expect(try fixture.dueNames(at: 999) == ["b-1"])
        #expect(try fixture.dueNames(at: 1_000) == ["b-1", "a-1"])
        #expect(try fixture.due(at: 1_000)[1].attempts == 1)
        try fixture.store.write("test") { transaction throws in
            #expect(try transaction.nextDue(endpoint: "shop", after: Sample.at(0)) == Sample.at(1_000))
            #expect(try transaction.nextDue(endpoint: "shop", after: Sample.at(1_000)) == nil)
            #expect(try transaction.backlog(endpoint: "shop") == Backlog(pending: 3, dead: 0))
        }
        let row = try #require(try fixture.reader().delivery(id: "ntf_a-1").first)
        #expect(row.row.lastError == "timeout")
        #expect(row.row.nextAttemptAt == Sample.at(1_000))
        #expect(row.attempts.map(\.error) == ["timeout"])
        #expect(row.attempts.map(\.durationMilliseconds) == [7])
        #expect(try fixture.reader().delivery(id: "ntf_a-2").first?.row.nextAttemptAt == nil)
    }

    @Test func endpointsDoNotWaitForEachOther() async throws {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...2, to: ["shop", "books"])
        try fixture.record(try fixture.due("shop", at: 0)[0], at: 0, next: .delivered)
        #expect(try fixture.dueNames("shop", at: 100) == ["a-2"])
        #expect(try fixture.dueNames("books", at: 100) == ["a-1"])
        #expect(try fixture.dueNames("nobody", at: 100) == [])
    }

    @Test func whatIsPassedOnIsInNoOrder() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.event("1"))
        try fixture.store.write("test") { transaction throws in
            for id in ["x", "y"] {
                try transaction.enqueue(
                    Sample.notification(id, version: nil), about: .event, cause: 1, endpoints: ["shop"], now: Sample.start)
            }
        }
        #expect(try fixture.dueNames(at: 0) == ["x", "y"])
    }

    /// A charge and an agreement of the same number are two lanes.
    @Test func chargesAndAgreementsHaveTheirOwnLanes() async throws {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...1)
        try fixture.store.write("test") { transaction throws in
            let agreement = Agreement(id: "agr_1", status: .active, createdAt: Sample.start, updatedAt: Sample.start)
            let seq = try transaction.insertAgreement(agreement)
            #expect(seq == 1)
            try transaction.enqueue(
                Sample.notification("agr", type: "agreement.active", subject: "agr_1"), about: .agreement(seq), cause: 1, endpoints: ["shop"],
                now: Sample.start)
        }
        #expect(try fixture.dueNames(at: 0) == ["a-1", "agr"])
    }

    @Test func withoutEndpointsThereIsHistoryOnly() async throws {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...2, to: [])
        #expect(try fixture.integer("SELECT count(*) FROM delivery") == 0)
        #expect(try fixture.reader().charge(id: "a")?.history.map(\.version) == [1, 2])
    }

    /// Only who holds the delivery as it stands may record an attempt.
    @Test func anAttemptIsRecordedOnce() async throws {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...1)
        let due = try fixture.due(at: 0)[0]
        try fixture.record(due, at: 0, status: 500, next: .retry(at: Sample.at(10)))
        for next in [AttemptRecord.Next.delivered, .dead, .retry(at: Sample.at(1))] {
            do {
                try fixture.record(due, at: 1, next: next)
                Issue.record("recorded twice")
            } catch let error as StoreError { #expect(error.code == "attempt_stale") }
        }
        #expect(fixture.store.health == .well)
        let details = try #require(try fixture.reader().delivery(id: "ntf_a-1").first)
        #expect(details.row.attempts == 1)
        #expect(details.row.lastStatus == 500)
        #expect(details.attempts.count == 1)
    }

    @Test func anEndpointThatIsBackGetsItsBacklogAtOnceAndInOrder() async throws {
        let fixture = try Fixture()
        for charge in ["a", "b", "c"] { try await fixture.tell(charge, versions: 1...2) }
        for (number, due) in try fixture.due(at: 0).enumerated() {
            try fixture.record(due, at: 0, status: 503, next: .retry(at: Sample.at(Int64(9_000 - number))))
        }
        #expect(try fixture.dueNames(at: 100) == [])
        #expect(try fixture.store.write("test") { try $0.pullForward(endpoint: "shop", now: Sample.at(100)) } == 3)
        #expect(try fixture.dueNames(at: 100) == ["a-1", "b-1", "c-1"])
        #expect(try fixture.store.write("test") { try $0.pullForward(endpoint: "shop", now: Sample.at(100)) } == 0)
    }

    /// The clock was ahead when these were set.
    @Test func dueTimesBeyondTheScheduleAreBroughtBack() async throws {
        let fixture = try Fixture()
        for charge in ["a", "b"] { try await fixture.tell(charge, versions: 1...2) }
        let due = try fixture.due(at: 0)
        try fixture.record(due[0], at: 0, status: 503, next: .retry(at: Sample.at(1_000_000)))
        try fixture.record(due[1], at: 0, status: 503, next: .retry(at: Sample.at(500)))
        try fixture.store.write("test") { try $0.reclampDue(latest: Sample.at(1_000), now: Sample.at(50)) }
        #expect(try fixture.dueNames(at: 50) == ["a-1"])
        #expect(try fixture.dueNames(at: 500) == ["a-1", "b-1"])
    }

    /// The clock was ahead by 1,000 while this was written, and terima starts with one that is right.
    @Test func aWaitThatBeganInTheFutureBeginsNow() async throws {
        let fixture = try Fixture()
        for charge in ["a", "b"] { try await fixture.tell(charge, versions: 1...2) }
        try await fixture.tell("c", versions: 1...1, at: 1_010)
        let due = try fixture.due(at: 1_000)
        try fixture.record(due[0], at: 1_020, status: 503, next: .retry(at: Sample.at(1_120)))
        try fixture.record(due[1], at: 10, status: 503, next: .retry(at: Sample.at(400)))
        let restart: (Int64) throws -> Void = { now in
            try fixture.store.write("test") {
                try $0.restartWaits(now: Sample.at(now))
                try $0.reclampDue(latest: Sample.at(now + 100_000), now: Sample.at(now))
            }
        }
        try restart(30)
        // What was never tried is due at once; 100 after its attempt is 100 from now; what was written in time stays as it was.
        #expect(try fixture.dueNames(at: 30) == ["c-1"])
        #expect(try fixture.dueNames(at: 129) == ["c-1"])
        #expect(try fixture.dueNames(at: 130) == ["c-1", "a-1"])
        #expect(try fixture.dueNames(at: 399) == ["c-1", "a-1"])
        #expect(try fixture.dueNames(at: 400) == ["c-1", "a-1", "b-1"])
        try restart(1_500)
        #expect(try fixture.dueNames(at: 1_500).sorted() == ["a-1", "b-1", "c-1"])
    }

    @Test(arguments: [-10_000, 10_000] as [Int64]) func aClockThatIsSetTakesTheDueTimesAlong(jump: Int64) async throws {
        let fixture = try Fixture()
        for charge in ["a", "b"] { try await fixture.tell(charge, versions: 1...2) }
        try fixture.record(try fixture.due(at: 0)[0], at: 0, status: 503, next: .retry(at: Sample.at(500)))
        try fixture.store.write("test") { try $0.moveDue(byMilliseconds: jump) }
        #expect(try fixture.dueNames(at: jump + 499) == ["b-1"])
        #expect(try fixture.dueNames(at: jump + 500) == ["b-1", "a-1"])
    }

    @Test func aLaneThatLostItsTurnGetsItBack() async throws {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...3)
        try fixture.execute("UPDATE delivery SET next_attempt_at = NULL")
        #expect(try fixture.dueNames(at: 100) == [])
        try fixture.store.write("test") { try $0.reclampDue(latest: Sample.at(1_000), now: Sample.at(50)) }
        #expect(try fixture.dueNames(at: 50) == ["a-1"])
        try fixture.execute("UPDATE delivery SET next_attempt_at = 1")
        #expect(try fixture.dueNames(at: 50) == ["a-1"])
    }

    @Test func aRestartFindsEverythingDueThatWasUnderWay() async throws {
        let fixture = try Fixture()
        try await fixture.tell("a", versions: 1...2)
        #expect(try fixture.due(at: 0).count == 1)
        fixture.store.close()
        let again = try Fixture(in: fixture.directory)
        #expect(try again.dueNames(at: 0) == ["a-1"])
    }
}

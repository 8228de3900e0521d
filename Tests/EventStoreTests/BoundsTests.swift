import Dispatch
import PaymentCore
import Synchronization
import Testing

@testable import EventStore

@Suite struct BoundsTests {
    private func outcomes(_ fixture: Fixture, whileStanding events: [Event]) async -> (atOnce: [AppendOutcome], all: [AppendOutcome]) {
        let outcomes = Mutex<[AppendOutcome]>([])
        fixture.store.queue.suspend()
        for event in events { fixture.store.append(event) { outcome in outcomes.withLock { $0.append(outcome) } } }
        let atOnce = outcomes.withLock { $0 }
        fixture.store.queue.resume()
        fixture.store.close()
        return (atOnce, outcomes.withLock { $0 })
    }

    @Test func tooManyAreTurnedAwayAtOnce() async throws {
        var limits = EventStore.Limits()
        limits.waitingEvents = 3
        let (atOnce, all) = await outcomes(try Fixture(limits: limits), whileStanding: (0..<5).map { Sample.event("\($0)") })
        #expect(atOnce == [.overloaded, .overloaded])
        #expect(all == [.overloaded, .overloaded, .accepted(seq: 1), .accepted(seq: 2), .accepted(seq: 3)])
    }

    @Test func tooManyBytesAreTurnedAwayAtOnce() async throws {
        var limits = EventStore.Limits()
        limits.waitingBytes = 10
        let events = [("a", "12345678"), ("b", "123"), ("c", "12"), ("d", "1")].map { Sample.event($0.0, body: $0.1) }
        let (atOnce, all) = await outcomes(try Fixture(limits: limits), whileStanding: events)
        #expect(atOnce == [.overloaded, .overloaded])
        #expect(all.compactMap(\.acceptedSeq) == [1, 2])
    }

    @Test func whatHasWaitedTooLongIsRefusedAndNotStored() async throws {
        var limits = EventStore.Limits()
        limits.waitingMilliseconds = -1
        let fixture = try Fixture(limits: limits)
        #expect(await fixture.store.append(Sample.event("1")) == .overloaded)
        #expect(fixture.store.statistics().waiting == 0)
        #expect(fixture.store.statistics().lastSeq == 0)
    }

    @Test func roomIsThereAgainWhenTheAnswerIs() async throws {
        var limits = EventStore.Limits()
        limits.waitingEvents = 1
        let fixture = try Fixture(limits: limits)
        for number in 1...5 { #expect(await fixture.store.append(Sample.event("\(number)")) == .accepted(seq: Int64(number))) }
        #expect(fixture.store.statistics().waiting == 0)
    }

    @Test func closingAnswersEverybody() async throws {
        let fixture = try Fixture()
        let (atOnce, all) = await outcomes(fixture, whileStanding: (0..<2_000).map { Sample.event("\($0)") })
        #expect(atOnce.isEmpty)
        #expect(all.compactMap(\.acceptedSeq) == (1...2_000).map { $0 })
        #expect(await fixture.store.append(Sample.event("late")).error?.code == "store_closed")
        #expect(throws: StoreError.self) { try fixture.store.write("late") { _ in } }
        fixture.store.close()
    }

    /// A write that is asked for while events pour in comes between two of their transactions.
    @Test func otherWritesInterleave() async throws {
        var limits = EventStore.Limits()
        limits.transactionEvents = 1
        let fixture = try Fixture(limits: limits)
        let order = Mutex<[String]>([])
        let store = fixture.store
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            store.queue.suspend()
            for number in 1...4 {
                store.append(Sample.event("\(number)")) { _ in
                    order.withLock { $0.append("event \(number)") }
                    // On the writer's queue: what is put there now comes before the next drain, which is scheduled after the answers.
                    if number == 1 { store.queue.async { order.withLock { $0.append("write") } } }
                    if number == 4 { continuation.resume() }
                }
            }
            store.queue.resume()
        }
        #expect(order.withLock { $0 } == ["event 1", "write", "event 2", "event 3", "event 4"])
    }
}

import EventStore
import NIOCore
import NIOPosix
import Testing

@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct ChangeFeedTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private var later: NIODeadline { .now() + .hours(1) }

    private func commit(_ charges: ChangedCharge..., events: Bool = false, notifications: Bool = false) -> Commit {
        Commit(events: events, charges: charges, notifications: notifications, lastSeq: 1)
    }

    /// How the waiting of a place stands, without waiting.
    private func wake(_ place: Place?) async throws -> Place.Wake? { try await place?.wait(until: .now(), on: loop) }

    @Test func everyoneIsWokenWhoseTopicChanged() async throws {
        let feed = ChangeFeed()
        let topics: [ChangeFeed.Topic] = [.events, .history, .charge("charge_1"), .charge("pay-1"), .charge("charge_2"), .charge("pay-2")]
        for (commit, woken) in [
            (commit(events: true), [0]), (commit(notifications: true), [1]), (commit(ChangedCharge(id: "charge_1")), [2]),
            (commit(ChangedCharge(id: "charge_1", reference: "pay-1")), [2, 3]),
            (commit(ChangedCharge(id: "charge_1"), ChangedCharge(id: "charge_2", reference: "pay-2"), events: true, notifications: true), [0, 1, 2, 4, 5]),
            (commit(ChangedCharge(id: "charge_9", reference: "pay-9")), []), (Commit(deliveries: true, lastSeq: 9), []),
        ] {
            let places = topics.map { feed.place(for: $0) }
            feed.announce(commit)
            for (number, place) in places.enumerated() {
                let wake = try await wake(place)
                #expect(wake == (woken.contains(number) ? .changed : .timedOut), "\(topics[number])")
            }
        }
    }

    @Test func whoWaitsIsWoken() async throws {
        let feed = ChangeFeed()
        let place = try #require(feed.place(for: .charge("pay-1")))
        async let wake = place.wait(until: later, on: loop)
        feed.announce(commit(ChangedCharge(id: "charge_1", reference: "pay-1")))
        #expect(try await wake == .changed)
    }

    @Test func aChangeSinceThePlaceWasTakenCountsOnce() async throws {
        let feed = ChangeFeed()
        let place = try #require(feed.place(for: .charge("charge_1")))
        for _ in 1...2 { feed.announce(commit(ChangedCharge(id: "charge_1"))) }
        #expect(try await place.wait(until: later, on: loop) == .changed)
        #expect(try await wake(place) == .timedOut)
        // Nor was it news for who came later.
        #expect(try await wake(feed.place(for: .charge("charge_1"))) == .timedOut)
    }

    @Test func waitingEndsByItself() async throws {
        let place = try #require(ChangeFeed().place(for: .events))
        for _ in 1...3 { #expect(try await place.wait(until: .now() + .milliseconds(1), on: loop) == .timedOut) }
        #expect(try await place.wait(until: .now() - .hours(1), on: loop) == .timedOut)
    }

    @Test func whoIsCancelledGoesAtOnce() async throws {
        let feed = ChangeFeed()
        let place = try #require(feed.place(for: .charge("charge_1")))
        let waiting = Task { [later, loop] in try await place.wait(until: later, on: loop) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        // The place is as good as before.
        #expect(try await wake(place) == .timedOut)
    }

    @Test func aPlaceIsGivenBackWithItsLastReference() {
        let feed = ChangeFeed()
        var place = feed.place(for: .charge("charge_1"))
        var stream = feed.place(for: .history)
        #expect((feed.waiting, feed.streams) == (1, 1))
        #expect(place != nil && stream != nil)
        (place, stream) = (nil, nil)
        #expect((feed.waiting, feed.streams) == (0, 0))
        feed.announce(commit(ChangedCharge(id: "charge_1"), notifications: true))
    }

    @Test func thePlacesAreCounted() {
        var settings = ChangeFeed.Settings()
        #expect(settings.maximumWaiting == 4_096 && settings.maximumStreams == 64)
        (settings.maximumWaiting, settings.maximumStreams) = (2, 1)
        let feed = ChangeFeed(settings: settings)
        let taken = [feed.place(for: .events), feed.place(for: .charge("a")), feed.place(for: .history)]
        #expect(taken.allSatisfy { $0 != nil })
        #expect(feed.place(for: .charge("b")) == nil && feed.place(for: .events) == nil && feed.place(for: .history) == nil)
    }

    @Test func nobodyWaitsOnceItIsClosed() async throws {
        var settings = ChangeFeed.Settings()
        (settings.maximumWaiting, settings.maximumStreams) = (1, 1)
        let feed = ChangeFeed(settings: settings)
        let place = try #require(feed.place(for: .events))
        let (told, tell) = AsyncStream.makeStream(of: String.self)
        place.whenClosed { tell.yield("before") }
        async let wake = place.wait(until: later, on: loop)
        #expect(!place.isClosed)
        feed.close()
        #expect(try await wake == .closed)
        #expect(place.isClosed)
        // Not even for want of a place.
        let next = try #require(feed.place(for: .events))
        #expect(try await next.wait(until: later, on: loop) == .closed)
        next.whenClosed { tell.yield("after") }
        tell.finish()
        #expect(await told.reduce(into: []) { $0.append($1) } == ["before", "after"])
        feed.announce(commit(events: true))
    }

    /// Two thousand, each for its own charge, half of them by its reference: a commit wakes those it is about and nobody else.
    @Test func aCommitWakesOnlyThoseItIsAbout() async throws {
        let feed = ChangeFeed()
        let places = (0..<2_000).map { feed.place(for: .charge($0 % 2 == 0 ? "charge_\($0)" : "pay-\($0)")) }
        #expect(feed.waiting == 2_000)
        for number in [777, 1_000] { feed.announce(commit(ChangedCharge(id: "charge_\(number)", reference: "pay-\(number)"))) }
        var changed: [Int] = []
        for (number, place) in places.enumerated() where try await wake(place) == .changed { changed.append(number) }
        #expect(changed == [777, 1_000])
    }
}

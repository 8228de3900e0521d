import NIOCore
import NIOPosix
import Testing

@testable import Terima

@Suite(.timeLimit(.minutes(1))) struct EventFeedTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private let hour: Int64 = 3_600_000

    @Test func everyoneWhoWaitsIsWoken() async throws {
        let feed = EventFeed()
        let tickets = (1...3).map { _ in feed.ticket(on: loop, timeoutMilliseconds: hour) }
        feed.announce()
        for ticket in tickets { try await ticket.get() }
        // What was announced before is no news.
        let later = feed.ticket(on: loop, timeoutMilliseconds: hour)
        let sooner = feed.ticket(on: loop, timeoutMilliseconds: 1)
        try await sooner.get()
        let isDone = try await later.isDone()
        #expect(!isDone)
        feed.close()
        try await later.get()
    }

    @Test func waitingEndsByItself() async throws {
        try await EventFeed().ticket(on: loop, timeoutMilliseconds: 1).get()
    }

    @Test func nobodyWaitsOnceItIsClosed() async throws {
        let feed = EventFeed()
        let ticket = feed.ticket(on: loop, timeoutMilliseconds: hour)
        feed.close()
        try await ticket.get()
        try await feed.ticket(on: loop, timeoutMilliseconds: hour).get()
    }

    @Test func whoComesWhenAllPlacesAreTakenIsNotHeld() async throws {
        let feed = EventFeed()
        let tickets = (1...EventFeed.capacity).map { _ in feed.ticket(on: loop, timeoutMilliseconds: hour) }
        try await feed.ticket(on: loop, timeoutMilliseconds: hour).get()
        for ticket in [tickets.first, tickets.last] {
            let isDone = try await ticket?.isDone()
            #expect(isDone == false)
        }
        feed.close()
        for ticket in tickets { try await ticket.get() }
        #expect(tickets.count == 4_096)
    }
}

extension EventLoopFuture where Value == Void {
    /// Whether it is fulfilled now, as its event loop sees it.
    fileprivate func isDone() async throws -> Bool {
        try await eventLoop.submit {
            var isDone = false
            self.assumeIsolated().whenComplete { _ in isDone = true }
            return isDone
        }.get()
    }
}

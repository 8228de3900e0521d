import Dispatch
import EventStore
import Logging
import NIOPosix
import PaymentCore
import Synchronization
import Testing

@testable import Worker

/// The real thing: queue, sources, timer, HTTP and a shop on a real port.
@Suite struct WorkerTests {
    @Test func aStoredEventReachesTheShop() async throws {
        try await withService { service in
            for body in Life.paid("charge_1") { _ = await service.store.receive(body, at: Life.start) }
            let received = await service.shop.take(4)
            #expect(received.map { $0.json?["data"]?["version"]?.integerValue } == [1, 2, 3, 4])
            for request in received {
                let verified = StandardWebhooks.verify(
                    id: request.header("webhook-id") ?? "", timestamp: request.header("webhook-timestamp") ?? "",
                    signature: request.header("webhook-signature") ?? "", body: request.body, secrets: [Rig.secret], now: Service.wallClock())
                #expect(throws: Never.self) { try verified.get() }
            }
            await service.until { try $0.backlog(endpoint: "shop").pending == 0 }
        }
    }

    @Test func whatWasStoredBeforeTheStartIsDone() async throws {
        try await withService(starting: false) { service in
            for body in Life.paid("charge_1") { _ = await service.store.receive(body, at: Life.start) }
            service.worker.start()
            #expect(await service.shop.take(4).count == 4)
        }
    }

    @Test func theTimerBringsTheNextAttempt() async throws {
        let answers = Mutex(0)
        try await withService(
            settings: WorkerSettings(schedule: RetrySchedule(delays: [5, 5, 5, 5])),
            answering: { _ in
                let number = answers.withLock { answers in
                    answers += 1
                    return answers
                }
                return .status(number < 4 ? 404 : 200)
            }
        ) { service in
            _ = await service.store.receive(Life.paid("charge_1")[0], at: Life.start)
            let received = await service.shop.take(4)
            #expect(Set(received.map { $0.header("webhook-id") }).count == 1)
            #expect(Set(received.map(\.body)).count == 1)
            await service.until { try $0.backlog(endpoint: "shop") == Backlog(pending: 0, dead: 0) }
        }
    }

    @Test func aShopThatComesBackGetsItsBacklogInOrder() async throws {
        let isUp = Mutex(false)
        try await withService(
            settings: WorkerSettings(schedule: RetrySchedule(delays: Array(repeating: 1, count: 60) + [3_600_000])),
            answering: { _ in .status(isUp.withLock { $0 } ? 200 : 503) }
        ) { service in
            for number in 1...3 {
                for body in Life.paid("charge_\(number)") { _ = await service.store.receive(body, at: Life.start) }
            }
            _ = await service.shop.take(6)
            isUp.withLock { $0 = true }
            service.worker.wake()
            await service.until { try $0.backlog(endpoint: "shop").pending == 0 }
            #expect(service.worker.status().endpoints.map(\.name) == ["shop"])
        }
    }

    @Test func aHangingAttemptEndsByItsTimeoutAndIsRecorded() async throws {
        try await withService(
            settings: WorkerSettings(schedule: RetrySchedule(delays: []), timeoutMilliseconds: 50), answering: { _ in .silence }
        ) { service in
            _ = await service.store.receive(Life.paid("charge_1")[0], at: Life.start)
            await service.until { try $0.backlog(endpoint: "shop") == Backlog(pending: 0, dead: 1) }
        }
    }

    @Test func aShopThatHangsDoesNotSlowAnother() async throws {
        let hanging = try await TestShop.start { _ in .silence }
        var endpoint = Rig.endpoint("hanging")
        endpoint.url = hanging.url
        try await withService(others: [endpoint], settings: WorkerSettings(concurrencyPerEndpoint: 4)) { service in
            for number in 1...10 {
                for body in Life.paid("charge_\(number)") { _ = await service.store.receive(body, at: Life.start) }
            }
            #expect(await service.shop.take(40).count == 40)
            _ = await hanging.take(4)
            await service.until { try $0.backlog(endpoint: "shop").pending == 0 }
            await service.worker.settled()
            #expect(service.worker.status().endpoints.map(\.inFlight) == [0, 4])
        }
        await hanging.stop()
    }

    @Test func withoutEndpointsEventsAreApplied() async throws {
        try await withService(endpoints: []) { service in
            for body in Life.paid("charge_1") { _ = await service.store.receive(body, at: Life.start) }
            await service.until { try $0.charge(id: "charge_1")?.charge.status == .captured }
        }
    }

    @Test func stopWaitsForAnAttemptAndRecordsIt() async throws {
        let sender = RecordingSender { _, _ in nil }
        try await withService(sender: sender) { service in
            for body in Life.paid("charge_1") { _ = await service.store.receive(body, at: Life.start) }
            _ = await sender.arrivals.first { _ in true }
            let (stopped, stop) = AsyncStream.makeStream(of: Void.self)
            service.worker.stop(within: 60_000) { stop.yield() }
            await service.worker.settled()
            sender.release(.answered(status: 200, retryAfter: nil))
            _ = await stopped.first { _ in true }
            // Recorded, and the next one of the charge was not begun.
            #expect(sender.sent.count == 1)
            #expect(sender.canceled == 0)
            let backlog = try await service.backlog()
            #expect(backlog == Backlog(pending: 3, dead: 0))
        }
    }

    @Test func stopBreaksOffWhatDoesNotEndAndItStaysPending() async throws {
        let sender = RecordingSender { _, _ in nil }
        try await withService(sender: sender) { service in
            _ = await service.store.receive(Life.paid("charge_1")[0], at: Life.start)
            _ = await sender.arrivals.first { _ in true }
            await service.worker.stopped(within: 0)
            #expect(sender.canceled == 1)
            let backlog = try await service.backlog()
            #expect(backlog == Backlog(pending: 1, dead: 0))
            // Another stop finds nothing to do.
            await service.worker.stopped(within: 60_000)
        }
    }

    @Test func theStoresTroubleIsShownAndDoesNotSpin() async throws {
        try await withService { service in
            service.store.close()
            service.worker.wake()
            await service.worker.settled()
            #expect(service.worker.status().trouble == "store_closed")
        }
    }
}

extension TestShop.Received {
    var json: JSONValue? { try? JSONDocument.parse(body).root }
}

extension TestShop {
    /// The next requests, as they come.
    func take(_ count: Int) async -> [Received] {
        var taken: [Received] = []
        for await request in received {
            taken.append(request)
            if taken.count == count { break }
        }
        return taken
    }
}

extension Worker {
    func stopped(within milliseconds: Int64) async {
        await withCheckedContinuation { continuation in stop(within: milliseconds) { continuation.resume() } }
    }

    /// Everything that was on the queue before this has run, the step of a wake before it too.
    func settled() async {
        for _ in 0..<2 { await withCheckedContinuation { continuation in queue.async { continuation.resume() } } }
    }
}

import EventStore
import PaymentCore
import Synchronization
import Testing

@testable import Worker

/// A wall clock that is set while deliveries wait, beside an uptime that goes on.
@Suite struct WorkerClockTests {
    /// Both clocks, moved by hand.
    private final class Clocks: Sendable {
        private let state = Mutex((wall: Life.start + 10 * 86_400_000, uptime: Int64(0)))

        var wall: Instant { Instant(milliseconds: state.withLock { $0.wall }) }
        var uptime: Int64 { state.withLock { $0.uptime } }

        func set(by milliseconds: Int64) { state.withLock { $0.wall += milliseconds } }

        func pass(_ milliseconds: Int64) {
            state.withLock {
                $0.wall += milliseconds
                $0.uptime += milliseconds
            }
        }
    }

    private func run(
        _ clocks: Clocks, _ sender: RecordingSender, schedule: [Int64] = [60_000, 60_000], _ body: (Service) async throws -> Void
    ) async throws {
        try await withService(
            settings: WorkerSettings(schedule: RetrySchedule(delays: schedule)), sender: sender, now: { clocks.wall }, uptime: { clocks.uptime }, body)
    }

    /// The last word on the first attempt is in the store, and the next is due.
    private func untilWaiting(_ service: Service, _ clocks: Clocks, for milliseconds: Int64) async {
        let now = clocks.wall
        await service.until { try $0.nextDue(endpoint: "shop", after: now) == now.advanced(byMilliseconds: milliseconds) }
    }

    @Test(arguments: [-86_400_000, 86_400_000] as [Int64]) func aDayEitherWayChangesNoWait(jump: Int64) async throws {
        let clocks = Clocks()
        let sender = RecordingSender { _, number in .answered(status: number == 1 ? 404 : 200, retryAfter: nil) }
        try await run(clocks, sender) { service in
            _ = await service.store.receive(Life.paid("charge_1")[0], at: Life.start)
            await untilWaiting(service, clocks, for: 60_000)
            clocks.pass(10_000)
            clocks.set(by: jump)
            service.worker.wake()
            await untilWaiting(service, clocks, for: 50_000)
            clocks.pass(49_999)
            service.worker.wake()
            await service.worker.settled()
            #expect(sender.sent.count == 1)
            clocks.pass(1)
            service.worker.wake()
            await service.until { try $0.backlog(endpoint: "shop").pending == 0 }
            #expect(sender.sent.count == 2)
        }
    }

    @Test func whileTheMachineSleepsWaitsGoOn() async throws {
        let clocks = Clocks()
        let sender = RecordingSender { _, number in .answered(status: number == 1 ? 404 : 200, retryAfter: nil) }
        try await run(clocks, sender) { service in
            _ = await service.store.receive(Life.paid("charge_1")[0], at: Life.start)
            await untilWaiting(service, clocks, for: 60_000)
            clocks.pass(86_400_000)
            service.worker.wake()
            await service.until { try $0.backlog(endpoint: "shop").pending == 0 }
        }
    }

    @Test func aClockPutBackDuringAnAttemptHoldsUpNeitherItNorWhatComesAfter() async throws {
        let clocks = Clocks()
        let sender = RecordingSender { _, number in number == 1 ? nil : .answered(status: 200, retryAfter: nil) }
        try await run(clocks, sender) { service in
            for body in Life.paid("charge_1") { _ = await service.store.receive(body, at: Life.start) }
            _ = await sender.arrivals.first { _ in true }
            clocks.set(by: -86_400_000)
            sender.release(.answered(status: 200, retryAfter: nil))
            await service.until { try $0.backlog(endpoint: "shop").pending == 0 }
            #expect(sender.sent.map(\.version) == [1, 2, 3, 4])
        }
    }

    @Test func anOpenBreakerGoesOnProbingAfterTheClockWasPutBack() async throws {
        let clocks = Clocks()
        let sender = RecordingSender { _, number in .answered(status: number <= 5 ? 503 : 200, retryAfter: nil) }
        try await run(clocks, sender, schedule: [100, 100]) { service in
            for number in 1...5 { _ = await service.store.receive(Life.paid("charge_\(number)")[0], at: Life.start) }
            await untilWaiting(service, clocks, for: 100)
            await service.worker.settled()
            clocks.set(by: -30_000)
            clocks.pass(1_000)
            service.worker.wake()
            await service.until { try $0.backlog(endpoint: "shop").pending == 0 }
            #expect(sender.sent.count == 10)
        }
    }
}

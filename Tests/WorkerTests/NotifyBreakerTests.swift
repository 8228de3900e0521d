import EventStore
import PaymentCore
import Testing

@testable import Worker

@Suite struct NotifyBreakerTests {
    /// A shop that is down while ten charges are waiting.
    private func downRig() async throws -> Rig {
        let rig = try Rig()
        rig.sender.answer(status: 503)
        for number in 1...10 { await rig.receive(Life.paid("charge_\(number)")) }
        try rig.applyAll()
        _ = try rig.notify.step(now: Instant(milliseconds: rig.now))
        try rig.notifyAll()
        return rig
    }

    private func breaker(_ rig: Rig) -> Breaker.State? { rig.notify.status(trouble: nil).endpoints.first?.breaker }

    @Test func failuresInARowOpenItAndThenOneProbeGoesAtATime() async throws {
        let rig = try await downRig()
        // All ten were under way before the first failure was known.
        #expect(rig.sender.sent.count == 10)
        guard case .open = breaker(rig) else {
            Issue.record("the breaker did not open")
            return
        }
        rig.sender.answer { _, _ in nil }
        rig.now += 60_000
        try rig.notifyAll()
        #expect(rig.sender.sent.count == 11)
        #expect(rig.sender.underWay == 1)
        rig.now += 60_000
        try rig.notifyAll()
        #expect(rig.sender.sent.count == 11)
    }

    @Test func afterAnHourTheBacklogGoesOutAtOnceAndInOrder() async throws {
        let rig = try await downRig()
        let end = rig.now + 3_600_000
        while let wait = try rig.notifyAll(), rig.now + wait < end { rig.now += wait }
        rig.now = end
        // One probe a minute, not ten charges with a schedule each.
        #expect(rig.sender.sent.count < 90)

        rig.sender.answer(status: 200)
        rig.sender.forgetSent()
        // The next probe is at most a minute and its jitter away.
        if let wait = try rig.notifyAll() {
            rig.now += wait
            #expect(wait <= 72_000)
            try rig.notifyAll()
        }
        #expect(try rig.deliveries().allSatisfy { $0.state == "delivered" })
        for (_, sent) in Dictionary(grouping: rig.sender.sent, by: \.subject) {
            #expect(sent.map(\.version) == [1, 2, 3, 4])
        }
        #expect(breaker(rig) == .closed(failures: 0))
    }

    @Test func aFailedProbeWaitsTwiceAsLong() async throws {
        let rig = try await downRig()
        var waits: [Int64] = []
        for _ in 0..<8 {
            let wait = try #require(try rig.notifyAll())
            waits.append(wait)
            rig.now += wait
        }
        #expect(waits == [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
    }

    @Test func anEndpointThatRefusesOneNotificationIsAlive() async throws {
        let rig = try Rig()
        rig.sender.answer(status: 404)
        for number in 1...10 { await rig.receive(Life.paid("charge_\(number)")) }
        try rig.applyAll()
        try rig.notifyAll()
        #expect(breaker(rig) == .closed(failures: 0))
    }

    @Test func oneEndpointsBreakerIsNotAnothers() async throws {
        let rig = try Rig(endpoints: [Rig.endpoint("down"), Rig.endpoint("up")])
        rig.sender.answer { request, _ in request.url.contains("down") ? .failed(.connectionRefused) : .answered(status: 200, retryAfter: nil) }
        for number in 1...10 { await rig.receive(Life.paid("charge_\(number)")) }
        try rig.applyAll()
        try rig.notifyAll()
        #expect(rig.sender.sent.count { $0.request.url.contains("up") } == 40)
        let states = rig.notify.status(trouble: nil).endpoints.map(\.breaker)
        #expect(states.last == .closed(failures: 0))
        #expect(states.first != .closed(failures: 0))
    }
}

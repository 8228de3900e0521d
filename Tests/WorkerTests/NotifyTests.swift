import EventStore
import PaymentCore
import Testing
import TestSupport

@testable import Worker

@Suite struct NotifyTests {
    @Test func anAttemptIsSignedWithEverySecretAndSaysWhatItIs() async throws {
        let old = EndpointSecret.generate()
        let new = EndpointSecret.generate()
        let rig = try Rig(
            endpoints: [Rig.endpoint(secrets: [new, old])], settings: WorkerSettings(timeoutMilliseconds: 1234, userAgent: "terima/9.9"))
        await rig.receive(Life.paid("charge_1")[0])
        try rig.run()
        let sent = try #require(rig.sender.sent.first)
        for secret in [old, new] {
            let verified = StandardWebhooks.verify(
                id: sent.id, timestamp: sent.header("webhook-timestamp"), signature: sent.header("webhook-signature"), body: sent.request.body,
                secrets: [secret], now: Instant(milliseconds: rig.now))
            #expect(throws: Never.self) { try verified.get() }
        }
        #expect(sent.header("content-type") == "application/cloudevents+json")
        #expect(sent.header("user-agent") == "terima/9.9")
        #expect(sent.request.url == "http://shop.test/hook")
        #expect(sent.request.timeoutMilliseconds == 1234)
        #expect(sent.document?["id"]?.string == sent.id)
    }

    @Test func aRetryHasTheSameIdAndBodyAndASignatureOfItsOwnTime() async throws {
        let rig = try Rig()
        rig.sender.answer { _, number in .answered(status: number < 3 ? 500 : 200, retryAfter: nil) }
        await rig.receive(Life.paid("charge_1")[0])
        try rig.run()
        #expect(rig.sender.sent.count == 3)
        #expect(Set(rig.sender.sent.map(\.id)).count == 1)
        #expect(Set(rig.sender.sent.map(\.request.body)).count == 1)
        // After 1 s and 2 s.
        let times = rig.sender.sent.compactMap { Int64($0.header("webhook-timestamp")) }
        #expect(times.map { $0 - (times.first ?? 0) } == [0, 1, 3])
    }

    @Test func aFailingNotificationHoldsBackItsChargeOnly() async throws {
        let rig = try Rig()
        rig.sender.answer { request, number in
            .answered(status: number <= 2 && !request.body.contains("charge_2") ? 503 : 200, retryAfter: nil)
        }
        await rig.receive(Life.paid("charge_1") + Life.paid("charge_2"))
        try rig.run()
        let first = rig.sender.sent.filter { $0.subject == "charge_1" }.map(\.version)
        let second = rig.sender.sent.filter { $0.subject == "charge_2" }.map(\.version)
        #expect(second == [1, 2, 3, 4])
        #expect(first.last == 4)
        #expect(first == first.sorted { ($0 ?? 0) < ($1 ?? 0) })
        #expect(first.count > 4)
        #expect(try rig.deliveries().allSatisfy { $0.state == "delivered" })
    }

    @Test func afterTheScheduleItIsDeadAndTheNextGoes() async throws {
        let rig = try Rig(settings: WorkerSettings(schedule: RetrySchedule(delays: [1000, 5000])))
        let life = Life.paid("charge_1")
        // A 404 shows an endpoint that works, so the breaker stays out of this.
        rig.sender.answer { request, _ in .answered(status: request.body.contains("authorization_processing") ? 404 : 204, retryAfter: nil) }
        await rig.receive([life[0], life[1]])
        try rig.run()
        #expect(rig.sender.sent.map(\.version) == [1, 1, 1, 2])
        #expect(try rig.deliveries().map(\.state) == ["dead", "delivered"])
        let attempts = try rig.attempts(ofDelivery: 0)
        #expect(attempts.map(\.status) == [404, 404, 404])
        #expect(attempts.map(\.number) == [1, 2, 3])
        let times = attempts.map(\.at.milliseconds)
        #expect(times.map { $0 - (times.first ?? 0) } == [0, 1000, 6000])
    }

    /// What is damaged is dead with its reason, and keeps nobody from being told: not the rest of its charge, nor other charges or endpoints.
    @Test func aDamagedBodyIsDeadAndAllElseGoesOut() async throws {
        let rig = try Rig(endpoints: [Rig.endpoint(), Rig.endpoint("other")])
        await rig.receive(Array(Life.paid("charge_1").prefix(2)) + Life.paid("charge_2").prefix(1))
        try rig.applyAll()
        try rig.damageFirstBody()
        for _ in 1...3 { try rig.notifyAll() }
        #expect(try rig.deliveries().map(\.state) == ["dead", "dead"] + Array(repeating: "delivered", count: 4))
        #expect(try rig.attempts(ofDelivery: 0).map(\.error) == ["body_damaged"])
        #expect(try rig.attempts(ofDelivery: 0).map(\.status) == [nil])
        #expect(rig.sender.sent.count == 4)
    }

    @Test func goneIsDeadAtOnce() async throws {
        let rig = try Rig()
        rig.sender.answer(status: 410)
        await rig.receive(Life.paid("charge_1")[0])
        try rig.run()
        #expect(rig.sender.sent.count == 1)
        #expect(try rig.deliveries().map(\.state) == ["dead"])
    }

    @Test func retryAfterPutsOffTheNextAttemptUpToADay() async throws {
        for (value, seconds) in [("120", Int64(120)), ("999999999", 86_400), ("rubbish", 1), ("-5", 1)] {
            let rig = try Rig()
            rig.sender.answer { _, _ in .answered(status: 429, retryAfter: value) }
            await rig.receive(Life.paid("charge_1")[0])
            try rig.applyAll()
            #expect(try rig.notifyAll() == seconds * 1000, "Retry-After: \(value)")
        }
    }

    @Test func transportFailuresAreRecordedByTheirCode() async throws {
        let rig = try Rig()
        rig.sender.answer { _, number in number == 1 ? .failed(.connectionRefused) : .answered(status: 200, retryAfter: nil) }
        await rig.receive(Life.paid("charge_1")[0])
        try rig.run()
        let attempts = try rig.attempts(ofDelivery: 0)
        #expect(attempts.map(\.error) == ["connection_refused", nil])
        #expect(attempts.map(\.status) == [nil, 200])
    }

    @Test func nothingIsSentTwiceWhileItIsUnderWay() async throws {
        let rig = try Rig()
        rig.sender.answer { _, _ in nil }
        await rig.receive(Life.paid("charge_1"))
        try rig.applyAll()
        try rig.notifyAll()
        rig.now += 1_000_000
        try rig.notifyAll()
        #expect(rig.sender.sent.map(\.version) == [1])
        rig.sender.release(.answered(status: 200, retryAfter: nil))
        try rig.notifyAll()
        #expect(rig.sender.sent.map(\.version) == [1, 2])
    }

    @Test func eachEndpointHasItsOwnSlots() async throws {
        let rig = try Rig(endpoints: [Rig.endpoint("slow"), Rig.endpoint("fast")], settings: WorkerSettings(concurrencyPerEndpoint: 3))
        rig.sender.answer { request, _ in request.url.contains("slow") ? nil : .answered(status: 200, retryAfter: nil) }
        for number in 1...10 { await rig.receive(Life.paid("charge_\(number)")) }
        try rig.applyAll()
        try rig.notifyAll()
        #expect(rig.sender.underWay == 3)
        #expect(rig.notify.status(trouble: nil).endpoints.map(\.inFlight) == [3, 0])
        #expect(rig.sender.sent.count { $0.request.url.contains("fast") } == 40)
        #expect(try rig.deliveries().count { $0.endpoint == "fast" && $0.state == "delivered" } == 40)

        rig.sender.answer(status: 200)
        rig.sender.release(.answered(status: 200, retryAfter: nil))
        try rig.notifyAll()
        #expect(try rig.deliveries().allSatisfy { $0.state == "delivered" })
    }

    @Test func aCrashBeforeTheRecordSendsTheSameAgain() async throws {
        let directory = try TemporaryDirectory()
        let sender = RecordingSender()
        do {
            let rig = try Rig(sender: sender, in: directory)
            await rig.receive(Life.paid("charge_1")[0])
            try rig.applyAll()
            // The shop has answered 200, and that is the last thing that happens.
            _ = try rig.notify.step(now: Instant(milliseconds: rig.now))
        }
        #expect(sender.sent.count == 1)

        let rig = try Rig(sender: sender, in: directory)
        try rig.run()
        #expect(sender.sent.count == 2)
        #expect(sender.sent.first?.id == sender.sent.last?.id)
        #expect(sender.sent.first?.request.body == sender.sent.last?.request.body)
        #expect(try rig.attempts(ofDelivery: 0).count == 1)
        #expect(try rig.deliveries().map(\.state) == ["delivered"])
    }

    @Test func aResultThatCannotBeRecordedIsKeptUntilItCan() async throws {
        let rig = try Rig()
        await rig.receive(Life.paid("charge_1"))
        try rig.applyAll()
        _ = try rig.notify.step(now: Instant(milliseconds: rig.now))
        try rig.refuse(insertInto: "attempt")
        for _ in 0..<3 {
            #expect(throws: StoreError.self) { try rig.notify.step(now: Instant(milliseconds: rig.now)) }
        }
        // The delivery is still taken, and nothing new was begun.
        #expect(rig.notify.unrecorded.count == 1)
        #expect(rig.notify.status(trouble: nil).endpoints.map(\.inFlight) == [1])
        #expect(rig.sender.sent.count == 1)
        #expect(try rig.attempts(ofDelivery: 0).isEmpty)

        try rig.refuseNoMore(insertInto: "attempt")
        try rig.run()
        #expect(rig.sender.sent.map(\.version) == [1, 2, 3, 4])
        #expect(try rig.attempts(ofDelivery: 0).count == 1)
    }
}

extension [UInt8] {
    func contains(_ text: String) -> Bool { String(decoding: self, as: UTF8.self).contains(text) }
}

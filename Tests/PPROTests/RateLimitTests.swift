import PaymentCore
import Testing

@testable import PPRO

@Suite struct RateLimitTests {
    @Test func a429WaitsAsLongAsTheBucketNeeds() async throws {
        // Empty, two tokens a second, four in all of which one is the shop's: the second token comes after a second.
        try await Rig.run([.limited(429, remaining: 0, rate: 2, capacity: 4), .json(Bodies.charge())]) { rig async throws in
            #expect(try await rig.client.charge(id: "charge_1") != nil)
            #expect(rig.clock.waits == [1000])
        }
    }

    @Test func a429WithoutHeadersIsWaitedForToo() async throws {
        try await Rig.run([.status(429, body: Bodies.error(429, "Too many requests")), .json(Bodies.charge())]) { rig async throws in
            #expect(try await rig.client.charge(id: "charge_1") != nil)
            #expect(rig.clock.waits == [1000])
        }
    }

    @Test func a429ForEverEnds() async throws {
        try await Rig.run([.limited(429, remaining: 0, rate: 5, capacity: 4, body: Bodies.error(429, "Too many requests"))]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in try await client.charge(id: "charge_1") }
            #expect(error.code == "rate_limited")
            #expect(error.retryAfterMilliseconds == 400)
            #expect(error.message == "get charge: PPRO answered 429: Too many requests")
            #expect(rig.api.received.count == 5)
            #expect(rig.clock.waits == [400, 500, 1000, 2000])
        }
    }

    @Test func waitsBeforePPROWouldRefuse() async throws {
        try await Rig.run([.limited(200, remaining: 1, rate: 1, capacity: 4, body: Bodies.charge())]) { rig async throws in
            for _ in 0..<3 { #expect(try await rig.client.charge(id: "charge_1") != nil) }
            // One is left and one is the shop's: the next one comes after a second, and so on.
            #expect(rig.clock.waits == [1000, 1000])
        }
    }

    @Test func keepsToItsOwnBudget() async throws {
        try await Rig.run([.json(Bodies.charge())], adjust: { $0.requestsPerSecond = 2 }) { rig async throws in
            for _ in 0..<4 { #expect(try await rig.client.charge(id: "charge_1") != nil) }
            #expect(rig.clock.waits == [500, 500])
            rig.clock.advance(10_000)
            #expect(try await rig.client.charge(id: "charge_1") != nil)
            #expect(rig.clock.waits.count == 2)
        }
    }

    @Test func aTurnThatComesTooLateIsAnError() async throws {
        // Empty, one token a second, and 250 of a thousand are the shop's: more than the minute that a call may take.
        try await Rig.run([.limited(200, remaining: 0, rate: 1, capacity: 1000, body: Bodies.charge())]) { rig async throws in
            #expect(try await rig.client.charge(id: "charge_1") != nil)
            let error = try await rig.failure { client throws(AuthorityError) in try await client.charge(id: "charge_1") }
            #expect(error.code == "rate_limited")
            #expect(error.retryAfterMilliseconds == 251_000)
            #expect(rig.api.received.count == 1)
        }
    }

    @Test func aTurnGivenUpIsHandedBack() async throws {
        try await Rig.run([.limited(200, remaining: 1, rate: 1, capacity: 4, body: Bodies.charge())]) { rig async throws in
            #expect(try await rig.client.charge(id: "charge_1") != nil)
            rig.clock.cancelWaits()
            let error = try await rig.failure { client throws(AuthorityError) in try await client.charge(id: "charge_1") }
            #expect(error.code == "canceled")
            rig.clock.cancelWaits(false)
            rig.clock.advance(60_000)
            for _ in 0..<2 { #expect(try await rig.client.charge(id: "charge_1") != nil) }
            #expect(rig.api.received.count == 3)
            // A turn still held against PPRO's report would make it two seconds.
            #expect(rig.clock.waits == [1000])
        }
    }

    @Test func manyAtOnceAllComeThrough() async throws {
        try await Rig.run([.limited(200, remaining: 50, rate: 50, capacity: 100, body: Bodies.charge())]) { rig async throws in
            try await withThrowingTaskGroup(of: RemoteCharge?.self) { group in
                for _ in 0..<40 { group.addTask { try await rig.client.charge(id: "charge_1") } }
                for try await charge in group { #expect(charge?.id == "charge_1") }
            }
            #expect(rig.api.received.count == 40)
        }
    }
}

import Testing

@testable import PPRO

@Suite struct RetryPlanTests {
    @Test func delaysDoubleUpToTheLimitAndEnd() {
        let plan = RetryPlan(maximumAttempts: 8)
        let shortest = (1...8).map { plan.delay(afterAttempt: $0, .server, dice: 0) }
        #expect(shortest == [250, 500, 1000, 2000, 4000, 4000, 4000, nil])
        let longest = [251, 501, 1001, 2001, 4001, 4001, 4001].enumerated().map { plan.delay(afterAttempt: $0 + 1, .transport, dice: UInt64($1 - 1)) }
        #expect(longest == [500, 1000, 2000, 4000, 8000, 8000, 8000])
    }

    @Test(arguments: [0, 1, 12_345, UInt64.max]) func theDiceChooseBetweenHalfAndWhole(_ dice: UInt64) throws {
        let delay = try #require(RetryPlan().delay(afterAttempt: 2, .conflict, dice: dice))
        #expect((500...1000).contains(delay))
    }

    @Test func aRateLimitIsWaitedFor() {
        let plan = RetryPlan()
        #expect(plan.delay(afterAttempt: 1, .rateLimited(refillMilliseconds: 3000), dice: 0) == 3000)
        #expect(plan.delay(afterAttempt: 1, .rateLimited(refillMilliseconds: 10), dice: 0) == 250)
        #expect(plan.delay(afterAttempt: 5, .rateLimited(refillMilliseconds: 10), dice: 0) == nil)
    }

    @Test func nothingOverflows() {
        let plan = RetryPlan(maximumAttempts: .max, firstDelayMilliseconds: .max / 2 + 1, maximumDelayMilliseconds: .max)
        #expect(plan.delay(afterAttempt: .max - 1, .server, dice: .max) != nil)
        #expect(plan.delay(afterAttempt: .min, .server, dice: .max) != nil)
        #expect(RetryPlan(maximumAttempts: 3, firstDelayMilliseconds: -5, maximumDelayMilliseconds: -5).delay(afterAttempt: 2, .server, dice: 1) == 1)
    }

    @Test func whatAStatusMeans() {
        for status in [200, 400, 401, 403, 404, 408, 422, 301] {
            #expect(RetryPlan.setback(status: status, isWrite: true, refillMilliseconds: 0) == nil)
        }
        for status in [500, 502, 503, 504, 599] { #expect(RetryPlan.setback(status: status, isWrite: true, refillMilliseconds: 0) == .server) }
        #expect(RetryPlan.setback(status: 409, isWrite: true, refillMilliseconds: 0) == .conflict)
        #expect(RetryPlan.setback(status: 409, isWrite: false, refillMilliseconds: 0) == nil)
        #expect(RetryPlan.setback(status: 429, isWrite: false, refillMilliseconds: 7) == .rateLimited(refillMilliseconds: 7))
    }
}

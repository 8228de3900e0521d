import Testing

@testable import Worker

/// When to apply and how much. Times are microseconds.
@Suite struct ApplyPaceTests {
    @Test func theFirstIsAppliedAtOnceThenWhatComesIsGathered() {
        var pace = ApplyPace(limit: 256)
        #expect(pace.decide(now: 0) == .apply(limit: 256))
        pace.applied(from: 0, to: 1_000, hasMore: false, heldUp: 0)
        #expect(pace.decide(now: 1_000) == .wait(until: 1_000 + ApplyPace.rest))
        #expect(pace.decide(now: 1_000 + ApplyPace.rest) == .apply(limit: 256))
    }

    @Test func aBacklogThatIsInNobodysWayGoesOnWithoutRest() {
        var pace = ApplyPace(limit: 256)
        pace.applied(from: 0, to: 5_000, hasMore: true, heldUp: 0)
        #expect(pace.decide(now: 5_000) == .apply(limit: 256))
        // Somebody waits: it goes on, but with less at a time.
        pace.applied(from: 5_000, to: 10_000, hasMore: true, heldUp: ApplyPace.heldUpToYield - 1)
        #expect(pace.decide(now: 10_000) == .apply(limit: ApplyPace.contendedLimit))
    }

    @Test func whoWasInTheWayYields() {
        var pace = ApplyPace(limit: 256)
        pace.applied(from: 0, to: 3_000, hasMore: true, heldUp: 64)
        // A third of the time: twice as long as the step was.
        #expect(pace.decide(now: 8_999) == .wait(until: 9_000))
        #expect(pace.decide(now: 10_000) == .apply(limit: ApplyPace.contendedLimit))
        // The rush is over.
        pace.applied(from: 10_000, to: 11_000, hasMore: true, heldUp: 0)
        #expect(pace.decide(now: 11_000) == .apply(limit: 256))
    }

    @Test func theLongerItIsBehindTheMoreItTakes() {
        var pace = ApplyPace(limit: 256)
        var now: Int64 = 0
        var shares: [Double] = []
        while now < 20_000_000 {
            let start = now
            pace.applied(from: start, to: start + 3_000, hasMore: true, heldUp: 64)
            guard case .wait(let until) = pace.decide(now: start + 3_000) else { return #expect(Bool(false), "it must yield") }
            shares.append(3_000 / Double(until - start))
            now = until
        }
        #expect(shares == shares.sorted())
        #expect(abs((shares.first ?? 0) - ApplyPace.leastShare) < 0.01)
        #expect(abs((shares.last ?? 0) - ApplyPace.greatestShare) < 0.01)
        // Caught up once, it is patient again.
        pace.applied(from: now, to: now + 3_300, hasMore: false, heldUp: 0)
        pace.applied(from: now + 3_300, to: now + 6_600, hasMore: true, heldUp: 64)
        #expect(pace.decide(now: now + 6_600) == .wait(until: now + 13_200))
    }

    @Test func aSmallBatchStaysSmall() {
        var pace = ApplyPace(limit: 10)
        pace.applied(from: 0, to: 1, hasMore: true, heldUp: 64)
        #expect(pace.decide(now: 1_000_000) == .apply(limit: 10))
    }
}

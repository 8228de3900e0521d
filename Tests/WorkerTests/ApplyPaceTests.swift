import Testing

@testable import Worker

/// When to apply and how much. Times are microseconds.
@Suite struct ApplyPaceTests {
    /// A pace that has seen so many events a second of late, up to the time of a window.
    private func pace(_ perSecond: Int64, limit: Int = 256) -> ApplyPace {
        var pace = ApplyPace(limit: limit)
        pace.applied(from: 0, to: 0, hasMore: true, heldUp: 0, newest: 0)
        pace.applied(from: 0, to: ArrivalRate.window, hasMore: true, heldUp: 0, newest: perSecond * ArrivalRate.window / 1_000_000)
        return pace
    }

    private let rush = Int64(ApplyPace.rush) * 2

    @Test func theFirstIsAppliedAtOnceThenWhatComesIsGathered() {
        var pace = ApplyPace(limit: 256)
        #expect(pace.decide(now: 0) == .apply(limit: 256))
        pace.applied(from: 0, to: 1_000, hasMore: false, heldUp: 0, newest: 1)
        #expect(pace.decide(now: 1_000) == .wait(until: 1_000 + ApplyPace.rest))
        #expect(pace.decide(now: 1_000 + ApplyPace.rest) == .apply(limit: 256))
    }

    @Test func aBacklogThatIsInNobodysWayGoesOnWithoutRest() {
        var pace = ApplyPace(limit: 256)
        pace.applied(from: 0, to: 5_000, hasMore: true, heldUp: 0, newest: 1)
        #expect(pace.decide(now: 5_000) == .apply(limit: 256))
        // Somebody waits: it goes on, but with less at a time.
        pace.applied(from: 5_000, to: 10_000, hasMore: true, heldUp: ApplyPace.heldUpToYield - 1, newest: 2)
        #expect(pace.decide(now: 10_000) == .apply(limit: ApplyPace.contendedLimit))
    }

    @Test func whatCanBothBeDoneIsDoneWithoutRest() {
        var pace = pace(Int64(ApplyPace.rush))
        pace.applied(from: 100_000, to: 103_000, hasMore: true, heldUp: 64, newest: 0)
        #expect(pace.decide(now: 103_000) == .apply(limit: ApplyPace.contendedLimit))
    }

    @Test func whoIsInTheWayOfARushYields() {
        var pace = pace(rush)
        pace.applied(from: 100_000, to: 103_000, hasMore: true, heldUp: 64, newest: 0)
        // A third of the time: twice as long as the step was.
        #expect(pace.decide(now: 108_999) == .wait(until: 109_000))
        #expect(pace.decide(now: 110_000) == .apply(limit: ApplyPace.rushLimit))
        // In nobody's way.
        pace.applied(from: 110_000, to: 111_000, hasMore: true, heldUp: 0, newest: 0)
        #expect(pace.decide(now: 111_000) == .apply(limit: 256))
    }

    @Test func theLongerItIsBehindTheMoreItTakes() {
        var pace = pace(rush)
        var now = ArrivalRate.window
        var shares: [Double] = []
        while now < 20_000_000 {
            let start = now
            pace.applied(from: start, to: start + 3_000, hasMore: true, heldUp: 64, newest: (start + 3_000) * rush / 1_000_000)
            guard case .wait(let until) = pace.decide(now: start + 3_000) else { return #expect(Bool(false), "it must yield") }
            shares.append(3_000 / Double(until - start))
            now = until
        }
        #expect(shares == shares.sorted())
        #expect(abs((shares.first ?? 0) - ApplyPace.leastShare) < 0.01)
        #expect(abs((shares.last ?? 0) - ApplyPace.greatestShare) < 0.01)
        // Caught up once, it is patient again.
        pace.applied(from: now, to: now + 3_300, hasMore: false, heldUp: 0, newest: 0)
        pace.applied(from: now + 3_300, to: now + 6_600, hasMore: true, heldUp: 64, newest: 0)
        #expect(pace.decide(now: now + 6_600) == .wait(until: now + 13_200))
    }

    @Test func aSmallBatchStaysSmall() {
        var pace = pace(rush, limit: 10)
        pace.applied(from: 100_000, to: 100_001, hasMore: true, heldUp: 64, newest: 0)
        #expect(pace.decide(now: 1_000_000) == .apply(limit: 10))
    }

    @Test func theRateIsThatOfTheLastWindow() {
        var rate = ArrivalRate()
        rate.note(100, at: 0)
        #expect(rate.perSecond == 0)
        rate.note(700, at: ArrivalRate.window - 1)
        #expect(rate.perSecond == 0)
        rate.note(1_100, at: ArrivalRate.window)
        #expect(rate.perSecond == 10_000)
        rate.note(1_100, at: 2 * ArrivalRate.window)
        #expect(rate.perSecond == 0)
    }
}

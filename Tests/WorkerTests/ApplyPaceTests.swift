import Testing

@testable import Worker

/// When to apply and how much. Times are microseconds.
@Suite struct ApplyPaceTests {
    private let calm = Int64(ApplyPace.rush)
    private let rush = Int64(ApplyPace.rush) * 2
    /// When the rate was last looked at.
    private let now = ArrivalRate.window

    /// A pace that has seen so many events a second of late, up to the time of a window.
    private func pace(_ perSecond: Int64) -> ApplyPace {
        var pace = ApplyPace()
        pace.applied(from: 0, to: 0, hasMore: true, lag: 0, newest: 0)
        pace.applied(from: 0, to: ArrivalRate.window, hasMore: true, lag: 0, newest: perSecond * ArrivalRate.window / 1_000_000)
        return pace
    }

    @Test func theFirstIsAppliedAtOnceThenWhatComesIsGathered() {
        var pace = ApplyPace()
        #expect(pace.decide(now: 0) == .apply(atLeast: ApplyPace.leastStep))
        pace.applied(from: 0, to: 1_000, hasMore: false, lag: 0, newest: 1)
        #expect(pace.decide(now: 1_000) == .wait(until: 1_000 + ApplyPace.rest))
        #expect(pace.decide(now: 1_000 + ApplyPace.rest) == .apply(atLeast: ApplyPace.leastStep))
    }

    @Test(arguments: [(0, 12), (ApplyPace.growth / 2, 134), (ApplyPace.growth, 256), (ApplyPace.growth * 10, 256)])
    func whatCanBothBeDoneGoesOnAtOnceAndGrowsWithTheLag(lag: Int64, atLeast: Int) {
        var pace = pace(calm)
        pace.applied(from: now, to: now + 3_000, hasMore: true, lag: lag, newest: 0)
        #expect(pace.decide(now: now + 3_000) == .apply(atLeast: atLeast))
        // Caught up, the steps are small again.
        pace.applied(from: now + 3_000, to: now + 4_000, hasMore: false, lag: lag, newest: 0)
        #expect(pace.decide(now: now + 4_000 + ApplyPace.rest) == .apply(atLeast: ApplyPace.leastStep))
    }

    @Test func aRushIsYieldedTo() {
        var pace = pace(rush)
        pace.applied(from: now, to: now + 3_000, hasMore: true, lag: ApplyPace.patience, newest: 0)
        // A third of the time: twice as long as the step was.
        #expect(pace.decide(now: now + 8_999) == .wait(until: now + 9_000))
        #expect(pace.decide(now: now + 9_000) == .apply(atLeast: ApplyPace.leastStep))
    }

    @Test func theLongerItIsBehindInARushTheMoreItTakes() {
        var steps: [Int] = []
        var rests: [Int64] = []
        for lag in stride(from: 0, through: 2 * ApplyPace.patience, by: 500) {
            var pace = pace(rush)
            pace.applied(from: now, to: now + 3_000, hasMore: true, lag: lag, newest: 0)
            guard case .apply(let atLeast) = pace.decide(now: now + 20_000) else { return #expect(Bool(false), "it must go on") }
            steps.append(atLeast)
            if case .wait(let until) = pace.decide(now: now + 3_000) { rests.append(until - now - 3_000) }
        }
        #expect(steps == steps.sorted())
        #expect(steps.first == ApplyPace.leastStep)
        #expect(steps.last == ApplyPace.greatestStep)
        #expect(rests == rests.sorted(by: >))
        #expect(rests.first == 6_000)
        #expect(rests.count == steps.count - 1)
    }

    @Test func theRateIsThatOfTheLastWindow() {
        var rate = ArrivalRate()
        rate.note(100, at: 0)
        #expect(rate.perSecond == 0)
        rate.note(700, at: ArrivalRate.window - 1)
        #expect(rate.perSecond == 0)
        rate.note(600, at: ArrivalRate.window)
        #expect(rate.perSecond == 10_000)
        rate.note(600, at: 2 * ArrivalRate.window)
        #expect(rate.perSecond == 0)
    }
}

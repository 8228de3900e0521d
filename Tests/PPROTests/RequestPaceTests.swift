import PaymentCore
import Testing

@testable import PPRO

@Suite struct RequestPaceTests {
    private let start = Instant(milliseconds: 1_000_000)
    private func later(_ milliseconds: Int64) -> Instant { start.advanced(byMilliseconds: milliseconds) }

    private func report(_ remaining: Int64, rate: Int64 = 5, capacity: Int64 = 10) -> RateLimitReport {
        RateLimitReport(remaining: remaining, replenishRate: rate, burstCapacity: capacity)
    }

    @Test func ourOwnBudgetIsASecondsWorthAndThenTheRate() {
        let pace = Pace(requestsPerSecond: 4, at: start)
        let turns = (0..<7).map { _ in pace.take(.read, at: start, waitingAtMost: 60_000) }
        #expect(turns == [.after(0), .after(0), .after(0), .after(0), .after(250), .after(500), .after(750)])
        // All of it has been used up to then; from then on one every quarter of a second again.
        #expect(pace.take(.write, at: later(750), waitingAtMost: 60_000) == .after(250))
        #expect(pace.take(.write, at: later(60_000), waitingAtMost: 60_000) == .after(0))
    }

    @Test func aTurnTooFarAwayIsNotTaken() {
        let pace = Pace(requestsPerSecond: 1, at: start)
        #expect(pace.take(.read, at: start, waitingAtMost: 0) == .after(0))
        #expect(pace.take(.read, at: start, waitingAtMost: 999) == .tooLong(1000))
        #expect(pace.take(.read, at: later(1000), waitingAtMost: 0) == .after(0))
    }

    @Test func aQuarterOfPPROsBucketIsLeftToTheShop() {
        let pace = Pace(requestsPerSecond: 1000, at: start)
        #expect(pace.take(.read, at: start, waitingAtMost: 60_000) == .after(0))
        pace.finish(.read, report: report(4), wasRefused: false, at: start)
        // 10 / 4 = 2 stay: two may go at once, the next ones as the bucket fills at 5 a second.
        let turns = (0..<4).map { _ in pace.take(.read, at: start, waitingAtMost: 60_000) }
        #expect(turns == [.after(0), .after(0), .after(200), .after(400)])
    }

    @Test func readingAndWritingAreCountedApart() {
        let pace = Pace(requestsPerSecond: 1000, at: start)
        _ = pace.take(.read, at: start, waitingAtMost: 60_000)
        pace.finish(.read, report: report(0), wasRefused: true, at: start)
        #expect(pace.take(.write, at: start, waitingAtMost: 60_000) == .after(0))
        #expect(pace.take(.read, at: start, waitingAtMost: 60_000) == .after(600))
    }

    @Test func whatIsUnderWayCountsAgainstTheReport() {
        let pace = Pace(requestsPerSecond: 1000, at: start)
        for _ in 0..<4 { #expect(pace.take(.read, at: start, waitingAtMost: 60_000) == .after(0)) }
        pace.finish(.read, report: report(6), wasRefused: false, at: start)
        // PPRO saw one of four: three of the six are spoken for, two are the shop's.
        #expect(pace.take(.read, at: start, waitingAtMost: 60_000) == .after(0))
        #expect(pace.take(.read, at: start, waitingAtMost: 60_000) == .after(200))
    }

    @Test func aRefusalWithoutHeadersIsASecond() {
        let pace = Pace(requestsPerSecond: 1000, at: start)
        _ = pace.take(.read, at: start, waitingAtMost: 60_000)
        pace.finish(.read, report: RateLimitReport(), wasRefused: true, at: start)
        #expect(pace.refillMilliseconds(.read, at: start) == 1000)
        #expect(pace.refillMilliseconds(.read, at: later(400)) == 600)
    }

    @Test func silenceAboutLimitsChangesNothing() {
        let pace = Pace(requestsPerSecond: 1000, at: start)
        for _ in 0..<3 {
            _ = pace.take(.read, at: start, waitingAtMost: 60_000)
            pace.finish(.read, report: nil, wasRefused: false, at: start)
            pace.finish(.read, report: RateLimitReport(), wasRefused: false, at: start)
        }
        #expect(pace.refillMilliseconds(.read, at: start) == 0)
    }

    @Test func aClockThatJumpsNeitherStopsNorFloods() {
        let pace = Pace(requestsPerSecond: 2, at: start)
        _ = pace.take(.read, at: start, waitingAtMost: 60_000)
        _ = pace.take(.read, at: start, waitingAtMost: 60_000)
        #expect(pace.take(.read, at: later(-3_600_000), waitingAtMost: 60_000) == .after(500))
        #expect(pace.take(.read, at: Instant(milliseconds: .max), waitingAtMost: 60_000) == .after(0))
        #expect(pace.take(.read, at: Instant(milliseconds: .max), waitingAtMost: 60_000) == .after(0))
        #expect(pace.take(.read, at: Instant(milliseconds: .max), waitingAtMost: 60_000) == .after(500))
        #expect(pace.take(.read, at: Instant(milliseconds: .min), waitingAtMost: 60_000) == .after(1000))
    }

    @Test(arguments: [0, -1, Int.min]) func aRateBelowOneIsOne(_ rate: Int) {
        let pace = Pace(requestsPerSecond: rate, at: start)
        #expect(pace.take(.read, at: start, waitingAtMost: 0) == .after(0))
        #expect(pace.take(.read, at: start, waitingAtMost: 0) == .tooLong(1000))
    }

    @Test func headersAreReadWhateverTheyHold() {
        let good = ["X-RateLimit-Remaining": "3", "X-RateLimit-Replenish-Rate": "5", "X-RateLimit-Burst-Capacity": "10"]
        #expect(RateLimitReport { good[$0] } == report(3))
        for nonsense in ["", "-1", "3.5", " 3", "99999999999999999999", "1000001", "x"] {
            #expect(RateLimitReport { _ in nonsense } == RateLimitReport())
        }
        #expect(RateLimitReport { _ in "0" } == RateLimitReport(remaining: 0))
    }

    /// However the calls fall, PPRO's own bucket, fed by our requests alone, never has to refuse one once it has said how it stands.
    @Test(arguments: 0..<40) func neverRefused(_ seed: UInt64) {
        var dice = SplitMix(state: seed)
        let pace = Pace(requestsPerSecond: 1000, at: start)
        let server = Bucket(TokenBucket(rate: 5, capacity: 10, tokens: 10, at: start))
        var now = start
        for step in 0..<300 {
            now = now.advanced(byMilliseconds: Int64(dice.next() % 150))
            guard case .after(let wait) = pace.take(.read, at: now, waitingAtMost: 60_000) else { continue }
            now = now.advanced(byMilliseconds: wait)
            #expect(server.wait(leaving: 0, at: now) == 0, "step \(step)")
            server.take(at: now)
            var left: Int64 = 0
            while left < 10, server.wait(leaving: left, at: now) == 0 { left += 1 }
            pace.finish(.read, report: report(left), wasRefused: false, at: now)
        }
    }
}

/// `#expect` takes no mutating calls: the value under test lives in a class.
private final class Pace {
    private var pace: RequestPace

    init(requestsPerSecond: Int, at now: Instant) { pace = RequestPace(requestsPerSecond: requestsPerSecond, at: now) }

    func take(_ lane: RequestPace.Lane, at now: Instant, waitingAtMost limit: Int64) -> RequestPace.Turn {
        pace.take(lane, at: now, waitingAtMost: limit)
    }
    func finish(_ lane: RequestPace.Lane, report: RateLimitReport?, wasRefused: Bool, at now: Instant) {
        pace.finish(lane, report: report, wasRefused: wasRefused, at: now)
    }
    func refillMilliseconds(_ lane: RequestPace.Lane, at now: Instant) -> Int64 { pace.refillMilliseconds(lane, at: now) }
}

private final class Bucket {
    private var bucket: TokenBucket

    init(_ bucket: TokenBucket) { self.bucket = bucket }

    func wait(leaving reserve: Int64, at now: Instant) -> Int64 { bucket.wait(leaving: reserve, at: now) }
    func take(at now: Instant) { bucket.take(at: now) }
}

private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

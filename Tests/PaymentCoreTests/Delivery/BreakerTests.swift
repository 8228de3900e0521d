import Testing

@testable import PaymentCore

extension DeliveryTests {
    struct BreakerTests {
        private static let now = Instant(milliseconds: 1_000_000)

        private static func after(_ milliseconds: Int64) -> Instant { now.advanced(byMilliseconds: milliseconds) }

        /// Every state against every question and message; `now` is always the same moment.
        struct Row: Sendable, CustomTestStringConvertible {
            var state: Breaker.State
            var permission: Breaker.Permission
            var asked: Breaker.State
            var closes: Bool
            var failed: Breaker.State

            var testDescription: String { "\(state)" }
        }

        static let table: [Row] = [
            Row(state: .closed(failures: 0), permission: .go, asked: .closed(failures: 0), closes: false, failed: .closed(failures: 1)),
            Row(state: .closed(failures: 3), permission: .go, asked: .closed(failures: 3), closes: false, failed: .closed(failures: 4)),
            Row(
                state: .closed(failures: 4), permission: .go, asked: .closed(failures: 4), closes: false,
                failed: .open(until: after(1000), failures: 5)),
            Row(
                state: .open(until: after(1), failures: 5), permission: .wait(until: after(1)), asked: .open(until: after(1), failures: 5), closes: true,
                failed: .open(until: after(1), failures: 5)),
            Row(
                state: .open(until: after(72_000), failures: 9), permission: .wait(until: after(72_000)),
                asked: .open(until: after(72_000), failures: 9), closes: true, failed: .open(until: after(72_000), failures: 9)),
            Row(
                state: .open(until: after(0), failures: 5), permission: .probe, asked: .probing(failures: 5), closes: true,
                failed: .open(until: after(0), failures: 5)),
            Row(
                state: .open(until: after(-5000), failures: 6), permission: .probe, asked: .probing(failures: 6), closes: true,
                failed: .open(until: after(-5000), failures: 6)),
            Row(  // the clock was set back: no wait is that long
                state: .open(until: after(72_001), failures: 5), permission: .probe, asked: .probing(failures: 5), closes: true,
                failed: .open(until: after(72_001), failures: 5)),
            Row(
                state: .probing(failures: 5), permission: .hold, asked: .probing(failures: 5), closes: true,
                failed: .open(until: after(2000), failures: 6)),
            Row(
                state: .probing(failures: 40), permission: .hold, asked: .probing(failures: 40), closes: true,
                failed: .open(until: after(60_000), failures: 41)),
        ]

        @Test(arguments: table)
        func wholeTable(row: Row) {
            var asked = Breaker(state: row.state)
            #expect(asked.mayStart(now: Self.now) == row.permission)
            #expect(asked.state == row.asked)

            var succeeded = Breaker(state: row.state)
            #expect(succeeded.succeeded() == row.closes)
            #expect(succeeded.state == .closed(failures: 0))

            var failed = Breaker(state: row.state)
            failed.failed(at: Self.now, jitter: 0)
            #expect(failed.state == row.failed)
        }

        @Test func nextProbeIsKnownOnlyWhileOpen() {
            #expect(Breaker().nextProbe == nil)
            #expect(Breaker(state: .probing(failures: 5)).nextProbe == nil)
            #expect(Breaker(state: .open(until: Self.after(7), failures: 5)).nextProbe == Self.after(7))
        }

        @Test func aSuccessInBetweenStartsTheCountAnew() {
            var breaker = Breaker()
            for _ in 1...4 { breaker.failed(at: Self.now, jitter: 0) }
            #expect(breaker.succeeded() == false, "it was closed already")
            for _ in 1...4 { breaker.failed(at: Self.now, jitter: 0) }
            #expect(breaker.state == .closed(failures: 4))
            #expect(breaker.mayStart(now: Self.now) == .go)
        }

        @Test func probesComeAfterTwiceTheTimeUpToAMinute() {
            var breaker = Breaker()
            var now = Self.now
            for _ in 1...5 { breaker.failed(at: now, jitter: 0) }
            var waits: [Int64] = []
            while waits.count < 10, let probe = breaker.nextProbe {
                waits.append(probe.milliseconds(since: now))
                #expect(breaker.mayStart(now: probe.advanced(byMilliseconds: -1)) == .wait(until: probe))
                #expect(breaker.mayStart(now: probe) == .probe)
                #expect(breaker.mayStart(now: probe) == .hold, "one probe at a time")
                now = probe
                breaker.failed(at: now, jitter: 0)
            }
            #expect(waits == [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000])
            #expect(breaker.succeeded() == true)
            #expect(breaker == Breaker())
        }

        @Test func jitterLengthensTheWaitByUpToAFifth() {
            for (jitter, wait) in [(0.0, 60_000), (0.5, 66_000), (1.0, 72_000), (.nan, 60_000)] as [(Double, Int64)] {
                var breaker = Breaker(state: .probing(failures: 20))
                breaker.failed(at: Self.now, jitter: jitter)
                #expect(breaker.nextProbe == Self.after(wait))
                #expect(breaker.mayStart(now: Self.now) == .wait(until: Self.after(wait)), "the longest wait is not taken for a clock set back")
            }
        }

        @Test(arguments: [-86_400_000, 86_400_000] as [Int64]) func aClockThatIsSetLeavesTheWaitAsItWas(jump: Int64) {
            var breaker = Breaker()
            for _ in 1...5 { breaker.failed(at: Self.now, jitter: 0) }
            breaker.clockWasSet(byMilliseconds: jump)
            #expect(breaker.mayStart(now: Self.after(jump + 999)) == .wait(until: Self.after(jump + 1000)))
            #expect(breaker.mayStart(now: Self.after(jump + 1000)) == .probe)
            breaker.clockWasSet(byMilliseconds: jump)
            #expect(breaker.state == .probing(failures: 5))
        }

        @Test func aBurstOfFailuresUnderWayDoesNotPushTheProbeAway() {
            var breaker = Breaker()
            for moment in 0..<16 { breaker.failed(at: Self.after(Int64(moment)), jitter: 0) }
            #expect(breaker.state == .open(until: Self.after(1004), failures: 5))
        }
    }
}

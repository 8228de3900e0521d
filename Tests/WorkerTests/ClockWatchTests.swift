import PaymentCore
import Testing

@testable import Worker

@Suite struct ClockWatchTests {
    private func jump(wall: Int64, uptime: Int64) -> Int64 {
        ClockWatch(wall: Instant(milliseconds: 1_000_000), uptime: 50).jump(wall: Instant(milliseconds: 1_000_000 + wall), uptime: 50 + uptime)
    }

    @Test func aClockThatIsLeftAloneDoesNotJump() {
        #expect(jump(wall: 0, uptime: 0) == 0)
        #expect(jump(wall: 3_600_000, uptime: 3_600_000) == 0)
        // Slewed, or set by as little as NTP does.
        #expect(jump(wall: 3_601_800, uptime: 3_600_000) == 0)
        #expect(jump(wall: -5_000, uptime: 0) == 0)
        #expect(jump(wall: 5_000, uptime: 0) == 0)
    }

    @Test func aClockThatIsSetJumpsByWhatTheUptimeDoesNotExplain() {
        #expect(jump(wall: 86_400_000, uptime: 900_000) == 85_500_000)
        #expect(jump(wall: -86_400_000, uptime: 900_000) == -87_300_000)
        #expect(jump(wall: 5_001, uptime: 0) == 5_001)
        #expect(jump(wall: 0, uptime: 5_001) == -5_001)
    }

    @Test func theEndsOfTimeAreNoJump() {
        #expect(ClockWatch(wall: Instant(milliseconds: .max), uptime: 0).jump(wall: Instant(milliseconds: .min), uptime: 1) == 0)
    }

    @Test func aJumpIsSeenOnce() {
        var watch = ClockWatch(wall: Instant(milliseconds: 0), uptime: 0)
        let later = Instant(milliseconds: 86_400_000)
        #expect(watch.jump(wall: later, uptime: 1) == 86_399_999)
        watch.look(wall: later, uptime: 1)
        #expect(watch.jump(wall: later, uptime: 1) == 0)
    }
}

import PaymentCore

/// Notices that the wall clock was set: left alone it goes on as the uptime does. Slewing (at most 500 ppm, adjtime(3)) is far below what counts.
struct ClockWatch: Sendable {
    /// Less is not worth moving due times for; a clock that is kept by NTP is not set by more.
    static let toleranceMilliseconds: Int64 = 5_000

    private var wall: Instant
    private var uptime: Int64

    /// - Parameters:
    ///   - wall: What the wall clock shows.
    ///   - uptime: Milliseconds of a clock that nobody can set, at the same moment.
    init(wall: Instant, uptime: Int64) {
        self.wall = wall
        self.uptime = uptime
    }

    /// By how many milliseconds the wall clock was set since the last `look`; 0 when it was left alone. Negative: it was put back.
    func jump(wall: Instant, uptime: Int64) -> Int64 {
        let (jump, overflow) = wall.milliseconds(since: self.wall).subtractingReportingOverflow(uptime - self.uptime)
        guard !overflow, !(-Self.toleranceMilliseconds...Self.toleranceMilliseconds).contains(jump) else { return 0 }
        return jump
    }

    /// From here on.
    mutating func look(wall: Instant, uptime: Int64) { self = ClockWatch(wall: wall, uptime: uptime) }
}

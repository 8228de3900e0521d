package import PaymentCore
import Glibc

/// The only place where the wall clock is read.
package enum WallClock {
    @Sendable package static func now() -> Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

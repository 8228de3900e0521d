/// Seconds since 1970 as decimal digits, the way both signature schemes carry their time.
enum UnixSeconds {
    /// - Parameter digits: ASCII digits only; any number of them, stopping at the end of the range.
    static func instant(_ digits: some Sequence<UInt8>) -> Instant {
        var milliseconds: Int64 = 0
        for digit in digits {
            let (product, tooLarge) = milliseconds.multipliedReportingOverflow(by: 10)
            let (sum, outOfRange) = product.addingReportingOverflow(Int64(digit & 0x0F) * 1000)
            if tooLarge || outOfRange { return Instant(milliseconds: .max) }
            milliseconds = sum
        }
        return Instant(milliseconds: milliseconds)
    }

    /// The second that `instant` is in.
    static func text(_ instant: Instant) -> String {
        let remainder = instant.milliseconds % 1000
        return String(instant.milliseconds / 1000 - (remainder < 0 ? 1 : 0))
    }
}

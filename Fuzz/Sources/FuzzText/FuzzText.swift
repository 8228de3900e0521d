import CLibFuzzer
import Glibc
import PaymentCore

@main struct FuzzText {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments) { fuzzText($0, $1) })
    }
}

/// The small texts that come from outside or from the operator: `Retry-After`, times, durations, event patterns.
private func fuzzText(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    if let wait = RetryAfter.parse(text, now: Instant(milliseconds: 1_780_485_827_123)) {
        precondition((0...RetrySchedule.retryAfterLimitMilliseconds).contains(wait), "a wait beyond the limit")
    }
    for edge in [Int64.min, .max] { _ = RetryAfter.parse(text, now: Instant(milliseconds: edge)) }
    if let instant = Instant(iso8601: text) {
        let inForm = Instant(milliseconds: min(max(instant.milliseconds, -62_167_219_200_000), 253_402_300_799_999))
        precondition(Instant(iso8601: instant.iso8601) == inForm, "a time does not come back")
    }
    _ = DurationText.parse(text)
    if let pattern = EventPattern(text) {
        _ = pattern.matches("charge.captured")
        _ = pattern.matches(text)
    }
    return 0
}

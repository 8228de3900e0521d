import PaymentCore

/// Times for people.
enum Ago {
    /// `2026-06-03T11:23:47Z (3 min ago)`, or `-` for none.
    static func full(_ instant: Instant?, now: Instant) -> String {
        guard let instant else { return "-" }
        return "\(seconds(instant)) (\(text(instant, now: now)))"
    }

    /// ISO 8601 in whole seconds.
    static func seconds(_ instant: Instant) -> String {
        let text = instant.iso8601
        guard let point = text.lastIndex(of: ".") else { return text }
        return text[..<point] + "Z"
    }

    /// `3 min ago`, `in 5 s`, `now`.
    static func text(_ instant: Instant, now: Instant) -> String {
        let milliseconds = now.milliseconds(since: instant)
        let span = span(milliseconds.magnitude)
        if span.isEmpty { return "now" }
        return milliseconds < 0 ? "in \(span)" : "\(span) ago"
    }

    /// A length of time in its largest unit, rounded down; empty below a second.
    static func span(_ milliseconds: UInt64) -> String {
        let seconds = milliseconds / 1_000
        return switch seconds {
        case 0: ""
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}

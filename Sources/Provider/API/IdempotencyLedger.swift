internal import PaymentCore

/// Remembers which writing requests were done under which `Request-Idempotency-Key`, so that each is done once.
///
/// A key that was refused (4xx) or came to nothing is free again. PPRO does not say what it does then.
struct IdempotencyLedger: Sendable {
    /// PPRO keeps keys for 24 hours.
    static let keptMilliseconds: Int64 = 24 * 3_600_000
    /// Beyond it the oldest is forgotten.
    static let maximumKeys = 20_000

    enum Finding: Sendable, Equatable {
        case unused
        case answered(APIAnswer)
        case underWay
        /// Used for another request.
        case used
    }

    struct Entry: Sendable {
        var fingerprint: [UInt8]
        /// nil while the request is under way.
        var answer: APIAnswer?
        var at: Instant
    }

    private(set) var entries: [String: Entry] = [:]
    /// Keys that are not any more as they were kept.
    var changed: Set<String> = []
    /// Keys in the order in which they were first used; ones that were freed may still stand in it.
    private var order: [(key: String, at: Instant)] = []
    private var forgotten = 0

    /// Looks a key up and takes it when it is unused.
    /// - Parameter request: method, path and body.
    mutating func begin(_ key: String, request: [UInt8], at now: Instant) -> Finding {
        forget(at: now, keeping: Self.maximumKeys)
        let fingerprint = Digest.sha256(request)
        guard let entry = entries[key] else {
            forget(at: now, keeping: Self.maximumKeys - 1)
            take(key, Entry(fingerprint: fingerprint, answer: nil, at: now))
            return .unused
        }
        guard entry.fingerprint == fingerprint else { return .used }
        return entry.answer.map { .answered($0) } ?? .underWay
    }

    mutating func take(_ key: String, _ entry: Entry) {
        entries[key] = entry
        order.append((key, entry.at))
    }

    /// The request was done, or not (nil): then the key is free.
    mutating func finish(_ key: String, _ answer: APIAnswer?) {
        changed.insert(key)
        if let answer { entries[key]?.answer = answer } else { entries[key] = nil }
    }

    private mutating func forget(at now: Instant, keeping count: Int) {
        while forgotten < order.count {
            let oldest = order[forgotten]
            guard now.milliseconds(since: oldest.at) >= Self.keptMilliseconds || order.count - forgotten > count else { break }
            if entries[oldest.key]?.at == oldest.at {
                entries[oldest.key] = nil
                changed.insert(oldest.key)
            }
            forgotten += 1
        }
        if forgotten > Self.maximumKeys / 2 {
            order.removeFirst(forgotten)
            forgotten = 0
        }
    }

    /// A UUID of version 4 (RFC 9562, section 5.4), in lower case; nil for anything else.
    static func key(_ text: String) -> String? {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12], groups.allSatisfy({ Hex.decode($0.utf8) != nil }), groups[2].utf8.first == UInt8(ascii: "4"),
            groups[3].utf8.first.map({ "89abAB".utf8.contains($0) }) == true
        else { return nil }
        return text.lowercased()
    }
}

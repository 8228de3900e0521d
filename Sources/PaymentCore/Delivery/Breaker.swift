/// Keeps a broken endpoint from being hammered: after several failures in a row it gets one probe at a time, until one succeeds.
/// One value per endpoint, held by the worker, forgotten at a restart.
package struct Breaker: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        /// Attempts go. Left by the fifth failure in a row (`open`).
        case closed(failures: Int)
        /// Nothing goes before `until`. Left by the first question after it (`probing`), or by the success of an attempt that was already under way (`closed`).
        case open(until: Instant, failures: Int)
        /// One probe is under way, nothing else goes. Left by its success (`closed`) or failure (`open`, for twice as long).
        case probing(failures: Int)
    }

    /// The answer to "may an attempt start?".
    package enum Permission: Sendable, Equatable {
        case go
        /// One attempt, whose end must be told by `succeeded` or `failed`.
        case probe
        /// Not before this time.
        case wait(until: Instant)
        /// Not before the probe under way has ended.
        case hold
    }

    /// So many failures in a row open it.
    package static let failuresToOpen = 5
    /// The first probe comes after 1 s; each failed one doubles the wait, up to 60 s.
    package static let probeDelayMilliseconds: ClosedRange<Int64> = 1000...60_000

    package private(set) var state: State

    package init() { state = .closed(failures: 0) }

    init(state: State) { self.state = state }

    /// Whether an attempt may start now. Ask only with an attempt in hand: `.probe` has already taken the one place there is.
    package mutating func mayStart(now: Instant) -> Permission {
        switch state {
        case .closed:
            return .go
        case .open(let until, let failures):
            // A wait longer than any there is means that the clock was set back meanwhile.
            let longest = Jitter.lengthen(Self.probeDelayMilliseconds.upperBound, by: 1)
            guard until <= now || until.milliseconds(since: now) > longest else { return .wait(until: until) }
            state = .probing(failures: failures)
            return .probe
        case .probing:
            return .hold
        }
    }

    /// An attempt found the endpoint alive (`verdict(of:)` says which do). True when this closed the breaker: the backlog can go out now.
    package mutating func succeeded() -> Bool {
        defer { state = .closed(failures: 0) }
        if case .closed = state { return false }
        return true
    }

    /// An attempt failed at `now`. `jitter` is 0..<1 and lengthens the wait for the next probe by up to a fifth.
    package mutating func failed(at now: Instant, jitter: Double) {
        switch state {
        case .closed(let failures) where failures + 1 < Self.failuresToOpen:
            state = .closed(failures: failures + 1)
        case .closed(let failures), .probing(let failures):
            let wait = Jitter.lengthen(Self.probeDelay(afterFailures: failures + 1), by: jitter)
            state = .open(until: now.advanced(byMilliseconds: wait), failures: failures + 1)
        case .open:
            // One that was under way when the breaker opened: it says nothing new, and a burst of them must not push the probe far away.
            break
        }
    }

    /// The clock was set by so much: the wait for a probe goes on as it was.
    package mutating func clockWasSet(byMilliseconds milliseconds: Int64) {
        guard case .open(let until, let failures) = state else { return }
        state = .open(until: until.advanced(byMilliseconds: milliseconds), failures: failures)
    }

    /// When the next probe is due; nil while closed and while a probe is under way.
    package var nextProbe: Instant? {
        if case .open(let until, _) = state { until } else { nil }
    }

    private static func probeDelay(afterFailures failures: Int) -> Int64 {
        let doublings = min(max(failures - failuresToOpen, 0), 6)  // 1 s << 6 is above the upper bound already
        return min(probeDelayMilliseconds.lowerBound << Int64(doublings), probeDelayMilliseconds.upperBound)
    }
}

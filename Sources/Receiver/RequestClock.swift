import NIOCore

/// When a connection has taken too long: a plain value, told what happened and when.
struct RequestClock {
    enum Phase: Equatable, Sendable {
        /// TLS only: client and server agree on keys. Left by the end of that.
        case handshake
        /// Between two requests, or before the first. Left by the first byte of the next.
        case idle
        /// The first byte of a request is here. Left by the end of its header.
        case head
        /// The header is here. Left by the last byte of the request.
        case body
        /// The last answer is written; what still arrives is thrown away. Left by the end of the connection.
        case lingering
    }

    private let limits: RequestLimits
    private(set) var phase: Phase
    private var since: NIODeadline
    /// Since when the oldest request of this connection has waited for the store: the client is not the one who is slow. nil: none waits.
    private var answeringSince: NIODeadline?

    /// - Parameter isEncrypted: a TLS handshake comes first.
    init(limits: RequestLimits, now: NIODeadline, isEncrypted: Bool = false) {
        self.limits = limits
        phase = isEncrypted ? .handshake : .idle
        since = now
    }

    /// Part of a request is here, but not all of it.
    var isReceiving: Bool { phase == .head || phase == .body }

    /// A request is complete and not answered yet.
    var isAnswering: Bool { answeringSince != nil }

    /// When the connection's time is up, or ours while an answer is awaited.
    var deadline: NIODeadline {
        if phase == .lingering { return since + limits.lingerTimeout }
        if let answeringSince { return answeringSince + limits.answerTimeout }
        switch phase {
        case .handshake, .head: return since + limits.headerTimeout
        case .body: return since + limits.requestTimeout
        case .idle, .lingering: return since + limits.idleTimeout
        }
    }

    /// The connection is encrypted from here on.
    mutating func handshakeEnded(at now: NIODeadline) {
        guard phase == .handshake else { return }
        phase = .idle
        since = now
    }

    mutating func bytesArrived(at now: NIODeadline) {
        guard phase == .idle else { return }
        phase = .head
        since = now
    }

    /// A pipelined request's first byte may have come with the end of the request before.
    mutating func headEnded(at now: NIODeadline) {
        bytesArrived(at: now)
        if phase == .head { phase = .body }
    }

    /// The request is complete and waits for its answer.
    mutating func requestEnded(at now: NIODeadline) {
        guard phase != .lingering else { return }
        phase = .idle
        if answeringSince == nil { answeringSince = now }
    }

    /// An answer went out; the oldest request that still waits has waited since `time`.
    mutating func answersAwaited(since time: NIODeadline) {
        if isAnswering { answeringSince = time }
    }

    /// No request waits for an answer any more. A request that began to arrive meanwhile gets its full time from here.
    mutating func allAnswered(at now: NIODeadline) {
        guard isAnswering else { return }
        answeringSince = nil
        since = now
    }

    mutating func linger(from now: NIODeadline) {
        phase = .lingering
        since = now
    }
}

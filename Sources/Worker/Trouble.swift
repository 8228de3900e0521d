import Dispatch
import EventStore
import Logging

/// The store's trouble, from the first step that fails to the first that succeeds: logged once at each end, tried again after 100 ms, doubling up to 5 s.
/// In monotonic time: the wall clock may jump.
struct Trouble: Sendable {
    /// Who cannot go on, for the log.
    private let subject: String
    /// nil while all is well.
    private(set) var code: String?
    private(set) var nextTry: DispatchTime?
    private var failures = 0

    private static let waits = 100...5000

    init(of subject: String) { self.subject = subject }

    /// Whether the wait is over, or there is none.
    var mayTry: Bool { nextTry.map { $0 <= .now() } ?? true }

    mutating func happened(_ error: any Error, _ logger: Logger) {
        let code = (error as? StoreError)?.code ?? "unexpected"
        if self.code != code { logger.error("\(subject) cannot go on, it will try again", metadata: ["code": "\(code)"]) }
        self.code = code
        let wait = min(Self.waits.lowerBound << min(failures, 6), Self.waits.upperBound)
        failures += 1
        nextTry = .now() + .milliseconds(wait)
    }

    mutating func ended(_ logger: Logger) {
        guard code != nil else { return }
        logger.notice("\(subject) goes on")
        self = Trouble(of: subject)
    }
}

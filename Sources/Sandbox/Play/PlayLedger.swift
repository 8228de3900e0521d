import PaymentCore
import Provider

/// The books of a play while it runs: which lane is next, and what came of the sends.
actor PlayLedger {
    private let lanes: Int
    private var nextLane = 0
    private let acknowledgements: LineFile?
    private var noted: Set<PlayPlan.Send> = []
    private(set) var summary: PlaySummary
    /// The first sends that were given up, in words.
    private(set) var failures: [String] = []
    private static let shownFailures = 10

    init(lanes: Int, summary: PlaySummary, acknowledgements: LineFile?) {
        self.lanes = lanes
        self.summary = summary
        self.acknowledgements = acknowledgements
    }

    func takeLane() -> Int? {
        guard nextLane < lanes else { return nil }
        defer { nextLane += 1 }
        return nextLane
    }

    /// Counts an attempt; the first acknowledgement of an event goes to the file at once, so that the file is right even when the play is killed.
    func record(_ reply: WebhookReply, of send: PlayPlan.Send, identity: EventIdentity) throws {
        summary.count(reply)
        guard case .acknowledged = reply, let acknowledgements, noted.insert(send).inserted else { return }
        try acknowledgements.append(Array("\(identity.source)\t\(identity.id)".utf8))
    }

    func giveUp(_ event: Life.Event, after reply: WebhookReply) {
        guard failures.count < Self.shownFailures else { return }
        failures.append("\(event.step.rawValue) \(event.identity.id): \(reply.explanation)")
    }
}

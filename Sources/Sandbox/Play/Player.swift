import PaymentCore
import Provider

/// Sends a plan's events, several lanes at a time, and repeats what was not acknowledged.
struct Player: Sendable {
    var settings: LifeSettings
    var plan: PlayPlan
    var delays: RetryDelays
    var connections: Int
    var sender: WebhookSender
    /// Where the webhooks go.
    var url: String
    var pacer: Pacer
    var ledger: PlayLedger

    /// Returns when every send was acknowledged or given up.
    /// - Throws: `SandboxError` when the acknowledgement file cannot be written.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<connections {
                group.addTask {
                    while let lane = await ledger.takeLane() { try await play(plan.lane(lane)) }
                }
            }
            try await group.waitForAll()
        }
    }

    private func play(_ sends: [PlayPlan.Send]) async throws {
        var life: (number: Int, life: Life)?
        for send in sends {
            let current = life.flatMap { $0.number == send.life ? $0.life : nil } ?? Life(send.life, of: settings)
            life = (send.life, current)
            guard current.events.indices.contains(send.step) else { continue }
            try await deliver(current.events[send.step], send)
        }
    }

    private func deliver(_ event: Life.Event, _ send: PlayPlan.Send) async throws {
        try await pacer.slot()
        var attempt = 1
        while true {
            let reply = await sender.send(event.body, to: url, now: WallClock.now())
            try await ledger.record(reply, of: send, identity: event.identity)
            if case .acknowledged = reply { return }
            guard reply.isWorthRepeating, let delay = delays.delay(afterAttempt: attempt) else { return await ledger.giveUp(event, after: reply) }
            try await Task.sleep(for: .milliseconds(delay))
            attempt += 1
        }
    }
}

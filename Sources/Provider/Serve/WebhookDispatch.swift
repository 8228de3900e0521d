internal import NIOCore
internal import PaymentCore

/// Does what is due when it is due, and posts webhooks, until it is cancelled.
struct WebhookDispatch: Sendable {
    let desk: ProviderDesk
    let sender: WebhookSender
    let loop: any EventLoop
    let now: @Sendable () -> Instant

    /// The longest a timer is set for: a clock that was put right is noticed by then.
    private static let longestMilliseconds: Int64 = 60_000

    func run() async {
        await withDiscardingTaskGroup { group in
            desk.ring()
            var timer: Scheduled<Void>?
            for await _ in desk.bell {
                timer?.cancel()
                let (attempts, next) = await desk.turn()
                for attempt in attempts {
                    group.addTask { await post(attempt) }
                }
                timer = next.map { next in loop.scheduleTask(in: .milliseconds(min(next, Self.longestMilliseconds))) { desk.ring() } }
            }
            timer?.cancel()
            group.cancelAll()
        }
    }

    private func post(_ attempt: WebhookQueue.Attempt) async {
        let reply = await sender.send(attempt.webhook.body, damaged: attempt.damaged, to: attempt.webhook.url, now: now())
        desk.finish(attempt, reply)
    }
}

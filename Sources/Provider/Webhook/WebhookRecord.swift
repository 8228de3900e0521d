internal import PaymentCore

/// What became of a webhook, for whoever wonders. Ids and words, no personal data.
struct WebhookRecord: Sendable, Equatable {
    enum State: String, Sendable {
        /// An attempt is under way or still to come.
        case waiting
        /// Answered with 2xx.
        case delivered
        /// Trouble on demand: never sent.
        case dropped
        /// No attempt is left.
        case dead
    }

    struct Attempt: Sendable, Equatable {
        var at: Instant
        /// `202`, `401 signature_mismatch`, `connection refused`; nil while it is under way.
        var result: String?
        var isDamaged: Bool
    }

    /// Of the event.
    var id: String
    var chargeId: String
    var type: String
    var time: Instant
    var state: State
    /// The words of trouble on demand that it met: `delay`, `reorder`, `duplicate`, `drop`, `corrupt`.
    var trouble: [String] = []
    var attempts: [Attempt] = []
    /// When the next one is due.
    var nextAttempt: Instant?

    init(_ webhook: Webhook, state: State = .waiting) {
        id = webhook.id
        chargeId = webhook.chargeId
        type = webhook.type
        time = webhook.time
        self.state = state
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("type", type)
            writer.member("paymentChargeId", chargeId)
            writer.member("time", time.iso8601)
            writer.member("state", state.rawValue)
            writer.key("trouble")
            writer.array { writer in
                for word in trouble { writer.string(word) }
            }
            writer.key("attempts")
            writer.array { writer in
                for attempt in attempts {
                    writer.object { writer in
                        writer.member("at", attempt.at.iso8601)
                        writer.member("result", attempt.result)
                        writer.member("damaged", attempt.isDamaged)
                    }
                }
            }
            writer.member("nextAttempt", nextAttempt?.iso8601)
        }
    }
}

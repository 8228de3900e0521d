import EventStore
import PaymentCore

extension ApplyEvents {
    /// One transaction's worth of events, applied one after the other in the order of their arrival.
    struct Batch {
        private let transaction: Transaction
        private let announcer: Announcer
        private var charges = FoldBatch<Charge>()
        private var agreements = FoldBatch<Agreement>()
        /// The last new event that was applied.
        private(set) var appliedThrough: Int64?

        init(transaction: Transaction, endpoints: [Endpoint], now: Instant) {
            self.transaction = transaction
            announcer = Announcer(transaction: transaction, endpoints: endpoints, now: now)
        }

        mutating func apply(_ event: StoredEvent) throws {
            // A replayed event lies behind the progress mark already.
            if !event.again { appliedThrough = event.seq }
            if let facts = event.facts {
                try apply(event.seq, event.identity, facts)
            } else {
                try decodeAgain(event)
            }
        }

        /// Writes what the events have come to. Call once, after the last.
        func finish() throws {
            try charges.write(in: transaction)
            try agreements.write(in: transaction)
            if let appliedThrough { try transaction.advanceProgress(to: appliedThrough) }
        }

        private mutating func apply(_ seq: Int64, _ identity: EventIdentity, _ facts: EventFacts) throws {
            let cause = Notification.Cause(source: identity.source, id: identity.id, type: facts.type, time: facts.time)
            let event = ChargeEvent(seq: seq, id: identity.id, facts: facts)
            switch (facts.kind, facts.subject) {
            case (.charge, let subject?):
                try announcer.fold(event, subject, into: &charges, cause: cause)
            case (.agreement, let subject?):
                try announcer.fold(event, subject, into: &agreements, cause: cause)
            case (.charge, nil), (.agreement, nil):
                try transaction.markFailed(seq, error: "missing_field: the event names no resource")
            case (.other, _):
                try passOn(seq, facts, cause: cause)
            }
        }

        private func passOn(_ seq: Int64, _ facts: EventFacts, cause: Notification.Cause) throws {
            let data = try transaction.payload(of: seq).flatMap { EventDecoder.passThroughData(body: $0) }
            let notification = Notification.passedOn(id: announcer.newId(), facts: facts, cause: cause, data: data ?? [])
            try announcer.enqueue(notification, about: .event, cause: seq)
            try transaction.markApplied(seq, outcome: .passedOn, charge: nil, agreement: nil)
        }

        /// An event that could not be read when it came, asked for again: the decoder may have learned meanwhile.
        private mutating func decodeAgain(_ event: StoredEvent) throws {
            guard let body = try transaction.payload(of: event.seq) else {
                return try transaction.markFailed(event.seq, error: "payload_gone: the body is no longer stored")
            }
            let decoded = EventDecoder.decode(body: body, receivedAt: event.receivedAt)
            switch decoded.content {
            case .unreadable(let failure):
                try transaction.markFailed(event.seq, error: failure.description)
            case .readable(let facts):
                if try transaction.restate(event.seq, identity: decoded.identity, facts: facts) == nil {
                    try apply(event.seq, decoded.identity, facts)
                } else {
                    try leaveToTheOther(event.seq, hash: decoded.bodyHash, facts)
                }
            }
        }

        /// The same event came a second time and was read then: one identity, one effect. This one keeps its body's hash for an identity.
        private func leaveToTheOther(_ seq: Int64, hash: [UInt8], _ facts: EventFacts) throws {
            if try transaction.restate(seq, identity: .ofBody(hash: hash), facts: facts) == nil {
                try transaction.markApplied(seq, outcome: .unchanged, charge: nil, agreement: nil)
            } else {
                try transaction.markFailed(seq, error: "identity_taken: another event holds the identity")
            }
        }
    }

    /// Puts changes into the history and the outbox.
    struct Announcer {
        let transaction: Transaction
        let endpoints: [Endpoint]
        let now: Instant

        func fold<State: EventFolded>(
            _ event: ChargeEvent, _ subject: String, into batch: inout FoldBatch<State>, cause: Notification.Cause
        ) throws {
            let isApplied = try batch.apply(event, id: subject, in: transaction) { change in
                let notification = State.changed(
                    id: newId(), to: change.state, version: change.version, from: change.previous, cause: cause)
                try enqueue(notification, about: State.about(change.seq), cause: event.seq)
            }
            if !isApplied { try transaction.markFailed(event.seq, error: "nothing_to_fold: the event makes no state") }
        }

        /// Every notification is stored, wanted or not: it is the history.
        func enqueue(_ notification: Notification, about subject: Transaction.About, cause: Int64) throws {
            let wanting = endpoints.filter { $0.wants(notification.type) }.map(\.name)
            try transaction.enqueue(notification, about: subject, cause: cause, endpoints: wanting, now: now)
        }

        func newId() -> String {
            NotificationID.make(at: now, random: (.random(in: 0 ... .max), .random(in: 0 ... .max)))
        }
    }
}

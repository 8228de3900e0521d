package import EventStore
package import PaymentCore

/// Folds every charge and agreement again from its stored events: the proof that the state is what the events say, and its repair.
package struct Rebuild: Sendable {
    /// What was found, and what was done about it.
    package struct Report: Sendable, Equatable {
        package var charges = 0
        package var agreements = 0
        /// Ids whose stored row differs from the fold, in order.
        package var different: [String] = []
        package var repaired = 0
    }

    /// Rows looked at in one snapshot or one transaction; what bounds memory and how long the writer is held.
    private static let batchSize = 200

    /// Compares only. Safe while events are being applied: each batch is read from one snapshot.
    package static func check(_ reader: Reader) throws -> Report {
        var report = Report()
        var last: Int64 = 0
        while true {
            let batch = try reader.snapshot { reader throws(StoreError) in
                try reader.everyCharge(afterSeq: last, limit: batchSize).map { stored throws(StoreError) in
                    (
                        seq: stored.seq, isRight: Charge.fold(id: stored.charge.id, events: try reader.eventsOfCharge(stored.seq))?.state == stored.charge,
                        id: stored.charge.id
                    )
                }
            }
            guard let end = batch.last else { break }
            last = end.seq
            report.charges += batch.count
            report.different += batch.filter { !$0.isRight }.map(\.id)
        }
        last = 0
        while true {
            let batch = try reader.snapshot { reader throws(StoreError) in
                try reader.everyAgreement(afterSeq: last, limit: batchSize).map { stored throws(StoreError) in
                    (
                        seq: stored.seq,
                        isRight: Agreement.fold(id: stored.agreement.id, events: try reader.eventsOfAgreement(stored.seq))?.state == stored.agreement,
                        id: stored.agreement.id
                    )
                }
            }
            guard let end = batch.last else { return report }
            last = end.seq
            report.agreements += batch.count
            report.different += batch.filter { !$0.isRight }.map(\.id)
        }
    }

    /// Brings the named charge or agreement to what its events say: a new version with history and notifications, like any other change.
    /// - Returns: whether anything differed.
    package static func repair(_ id: String, in store: EventStore, endpoints: [Endpoint], now: Instant) async throws -> Bool {
        try await store.writeAsync("rebuild") { transaction in
            let announcer = ApplyEvents.Announcer(transaction: transaction, endpoints: endpoints, now: now)
            let isCharge = try announcer.repair(Charge.self, id)
            let isAgreement = try announcer.repair(Agreement.self, id)
            return isCharge || isAgreement
        }
    }
}

extension ApplyEvents.Announcer {
    /// The cause is the last event in fold order: the newest word of PPRO's that the state rests on.
    fileprivate func repair<State: EventFolded>(_ type: State.Type, _ id: String) throws -> Bool {
        guard let stored = try State.stored(id: id, in: transaction) else { return false }
        let events = try State.events(of: stored.seq, in: transaction)
        guard let folded = State.folded(id: id, events: events), folded.state != stored.state,
            let cause = events.first(where: { $0.seq == folded.order.last })
        else { return false }
        let version = stored.version + 1
        try State.update(stored.seq, folded.state, version: version, after: .webhook, in: transaction)
        let notification = State.changed(
            id: newId(), to: folded.state, version: version, from: stored.state,
            cause: Notification.Cause(source: "terima:rebuild", id: cause.id, type: cause.facts.type, time: cause.facts.time))
        try enqueue(notification, about: State.about(stored.seq), cause: cause.seq)
        return true
    }
}

import EventStore
import PaymentCore

/// The charges (or the agreements) that one batch of events touches: each is loaded once and its row written once, while every event still makes its own
/// version and its own notification, as if it had come alone.
struct FoldBatch<State: EventFolded> {
    /// Keyed by the id's bytes: Swift's strings would take canonically equal ids for one.
    private var entries: [[UInt8]: Entry] = [:]

    private struct Entry {
        /// nil until the first event has made the row.
        var stored: StoredFold<State>?
        var events: [ChargeEvent] = []
        /// As their outcomes say.
        var anomalous: Set<Int64> = []
        var isChanged = false
        var isAnswered = false
        /// The weightiest among the events of this batch.
        var news: ChargeNews = .answer
    }

    /// Applies one event. `announce` puts a change into the history and the outbox.
    /// - Returns: false when the fold makes nothing of it; then nothing was written.
    mutating func apply(
        _ event: ChargeEvent, id: String, in transaction: Transaction, announce: (Change) throws -> Void
    ) throws -> Bool {
        let key = Array(id.utf8)
        var entry = try entries[key] ?? load(id, in: transaction)
        // A replayed event may be among them already.
        if !entry.events.contains(where: { $0.seq == event.seq }) { entry.events.append(event) }
        guard let folded = State.folded(id: id, events: entry.events) else { return false }

        let before = entry.stored
        let news = Self.news(event, folded)
        entry.news = max(entry.news, news)
        if news == .answer { entry.isAnswered = true }
        let seq: Int64
        if let before {
            seq = before.seq
            if folded.state != before.state {
                entry.stored = StoredFold(seq: seq, version: before.version + 1, state: folded.state)
                entry.isChanged = true
            }
        } else {
            seq = try State.insert(folded.state, after: news, in: transaction)
            entry.stored = StoredFold(seq: seq, version: 1, state: folded.state)
        }
        let version = entry.stored?.version ?? 1
        let isChange = version != before?.version
        if isChange { try announce(Change(seq: seq, state: folded.state, version: version, previous: before?.state)) }

        try State.markApplied(event.seq, outcome: Self.outcome(of: event.seq, folded, isChange: isChange), to: seq, in: transaction)
        try Self.restate(from: entry.anomalous, to: folded.anomalous, except: event.seq, in: transaction)
        entry.anomalous = folded.anomalous
        entries[key] = entry
        return true
    }

    struct Change {
        var seq: Int64
        var state: State
        var version: Int
        var previous: State?
    }

    /// Writes the rows that have changed since they were loaded. Last in the transaction.
    func write(in transaction: Transaction) throws {
        for entry in entries.values {
            guard let stored = entry.stored else { continue }
            if entry.isChanged {
                try State.update(stored.seq, stored.state, version: stored.version, after: entry.news, in: transaction)
            } else if entry.isAnswered {
                try State.confirmed(stored.state, in: transaction)
            }
        }
    }

    private func load(_ id: String, in transaction: Transaction) throws -> Entry {
        guard let stored = try State.stored(id: id, in: transaction) else { return Entry() }
        return Entry(
            stored: stored, events: try State.events(of: stored.seq, in: transaction),
            anomalous: try State.anomalousEvents(of: stored.seq, in: transaction))
    }

    private static func news(_ event: ChargeEvent, _ folded: Folded<State>) -> ChargeNews {
        if event.facts.snapshot != nil { return .answer }
        return folded.anomalous.contains(event.seq) ? .anomaly : .webhook
    }

    private static func outcome(of event: Int64, _ folded: Folded<State>, isChange: Bool) -> Outcome {
        if folded.anomalous.contains(event) { return .anomaly }
        if folded.order.last != event { return .late }
        return isChange ? .advanced : .unchanged
    }

    /// A link that arrives late can explain an event that looked impossible, or the other way round.
    private static func restate(from before: Set<Int64>, to after: Set<Int64>, except event: Int64, in transaction: Transaction) throws {
        for seq in before.subtracting(after).sorted() where seq != event { try transaction.setOutcome(seq, .late) }
        for seq in after.subtracting(before).sorted() where seq != event { try transaction.setOutcome(seq, .anomaly) }
    }
}

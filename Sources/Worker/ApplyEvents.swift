import EventStore
import Logging
import PaymentCore

/// Turns stored events into charges, agreements, history and outbox rows. Confined to the worker's queue; `step(now:)` is the whole of it.
///
/// An event that cannot be applied becomes *failed* with its reason and never holds up another; only the store's own trouble ends a step, and then the
/// whole of it is undone.
struct ApplyEvents: Sendable {
    let store: EventStore
    let endpoints: [Endpoint]
    let logger: Logger

    /// Applies up to `batchSize` waiting events in one transaction. Returns whether more may be waiting.
    /// - Throws: What the store throws when the trouble is its own; nothing was applied then, and the same step can be made again.
    func step(now: Instant, limit batchSize: Int = 256) throws -> Bool {
        do {
            return try apply(limit: batchSize, now: now)
        } catch let error as StoreError where error.isAboutOneRow {
            // One of the batch cannot be written. One transaction each finds out which.
            for _ in 0..<batchSize {
                guard try applyAlone(now: now) else { return false }
            }
            return true
        }
    }

    private func apply(limit: Int, now: Instant) throws -> Bool {
        try store.write("apply") { transaction in
            let waiting = try transaction.waitingEvents(limit: limit)
            guard !waiting.isEmpty else { return false }
            var batch = Batch(transaction: transaction, endpoints: endpoints, now: now)
            for event in waiting { try batch.apply(event) }
            try batch.finish()
            return waiting.count == limit
        }
    }

    private func applyAlone(now: Instant) throws -> Bool {
        do {
            return try apply(limit: 1, now: now)
        } catch let error as StoreError where error.isAboutOneRow {
            return try store.write("apply") { transaction in
                guard let event = try transaction.waitingEvents(limit: 1).first else { return false }
                logger.error("an event cannot be applied", metadata: ["event": "\(event.seq)", "code": "\(error.code)"])
                try transaction.markFailed(event.seq, error: "\(error.code): the event cannot be written as it is")
                if !event.again { try transaction.advanceProgress(to: event.seq) }
                return true
            }
        }
    }
}

extension StoreError {
    /// Whether the values in hand broke a rule of the schema: trying again cannot help, and the store itself is well.
    fileprivate var isAboutOneRow: Bool { kind == .constraint || kind == .tooLarge }
}

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

    /// So many are read at a time: what the least step applies, so that none are read in vain.
    private static let part = ApplyPace.leastStep
    /// When so many answers wait for the store, they are worth a transaction of their own.
    static let waitingToEnd = 4

    /// What a step has done.
    struct Step {
        /// More may be waiting.
        var hasMore = false
        /// When the last event that was applied had come; nil: none was, or a replay asked for it.
        var reached: Instant?
    }

    /// Applies up to `batchSize` waiting events in one transaction. When `atLeast` are applied it ends as soon as answers wait for the store.
    /// - Throws: What the store throws when the trouble is its own; nothing was applied then, and the same step can be made again.
    func step(now: Instant, limit batchSize: Int = 256, atLeast: Int = .max) throws -> Step {
        do {
            return try apply(limit: batchSize, atLeast: atLeast, now: now)
        } catch let error as StoreError where error.isAboutOneRow {
            // One of the batch cannot be written. One transaction each finds out which.
            for _ in 0..<batchSize {
                guard try applyAlone(now: now) else { return Step() }
            }
            return Step(hasMore: true)
        }
    }

    private func apply(limit: Int, atLeast: Int, now: Instant) throws -> Step {
        try store.write("apply") { try step(in: $0, now: now, limit: limit, atLeast: atLeast) }
    }

    /// What one transaction does.
    func step(in transaction: Transaction, now: Instant, limit: Int, atLeast: Int) throws -> Step {
        var batch = Batch(transaction: transaction, endpoints: endpoints, now: now)
        var step = Step()
        var count = 0
        var isCalledOff = false
        repeat {
            let wanted = min(limit - count, Self.part)
            let events = try transaction.waitingEvents(limit: wanted, after: batch.appliedThrough)
            var left = events[...]
            while !isCalledOff, let event = left.popFirst() {
                try batch.apply(event)
                step.reached = event.again ? nil : event.receivedAt
                count += 1
                isCalledOff = count >= atLeast && store.waiting >= Self.waitingToEnd
            }
            step.hasMore = events.count == wanted || !left.isEmpty
        } while step.hasMore && count < limit && !isCalledOff
        try batch.finish()
        return step
    }

    private func applyAlone(now: Instant) throws -> Bool {
        do {
            return try apply(limit: 1, atLeast: 1, now: now).hasMore
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

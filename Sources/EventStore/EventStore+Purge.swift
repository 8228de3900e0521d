package import PaymentCore

extension EventStore {
    /// Rows of a table that a reader looks at in one go.
    private static let purgeSpan: Int64 = 4_000
    /// Pages given back in one transaction. Each may mean that another one is moved.
    private static let vacuumPages = 8

    /// Takes away the bodies that were received, and the notifications that were told, before `cutoff`. What the charges are made of stays, so do identities:
    /// a repeat is still a repeat. In many small transactions between which others write; safe to break off and to repeat.
    /// - Parameter dryRun: only count.
    /// - Throws: `maintenance_running`, `interrupted` (both as `StoreError`), and what the disk says.
    package func purge(before cutoff: Instant, dryRun: Bool = false, readers: ReaderPool) async throws -> PurgeCount {
        if dryRun { return try await Self.countPurge(before: cutoff, readers: readers) }
        return try await maintaining {
            var (count, last): (PurgeCount, SliceEnd?) = (PurgeCount(), nil)
            for stage in PurgeStage.allCases {
                var start = try await readers.read { try $0.purgeBegin(stage) }
                while let after = start {
                    let batch = try await readers.read { try $0.purgeBatch(stage, after: after, before: cutoff, span: Self.purgeSpan) }
                    count.note(batch)
                    try await purge(batch.seqs, stage, before: cutoff, &count, &last)
                    start = batch.next
                }
            }
            try await vacuum(&count, &last)
            return count
        }
    }

    private func purge(_ seqs: [Int64], _ stage: PurgeStage, before cutoff: Instant, _ count: inout PurgeCount, _ last: inout SliceEnd?) async throws {
        let pace = SlicePace()
        var rest = seqs[...]
        while !rest.isEmpty {
            if Task.isCancelled { throw Self.interrupted(count) }
            let part = rest.prefix(pace.rows)
            rest = rest.dropFirst(pace.rows)
            let (done, end) = try await slice(after: last, pace: pace) { [self] in
                try perform("purge") { try $0.purge(stage, part, before: cutoff) }
            }
            count += done
            last = end
        }
    }

    private func vacuum(_ count: inout PurgeCount, _ last: inout SliceEnd?) async throws {
        while true {
            if Task.isCancelled { throw Self.interrupted(count) }
            let (pages, end) = try await slice(after: last, pace: SlicePace()) { [self] in
                try perform("vacuum") { try $0.vacuum(pages: Self.vacuumPages) }
            }
            count.freedBytes += pages.freed * Int64(Connection.pageSize)
            guard pages.freed > 0, pages.left > 0 else { return }
            last = end
        }
    }

    private static func countPurge(before cutoff: Instant, readers: ReaderPool) async throws -> PurgeCount {
        var count = PurgeCount()
        for stage in PurgeStage.allCases {
            var start = try await readers.read { try $0.purgeBegin(stage) }
            while let after = start {
                let (batch, attempts) = try await readers.read { reader in
                    let batch = try reader.purgeBatch(stage, after: after, before: cutoff, span: Self.purgeSpan)
                    return (batch, stage == .notifications ? try batch.seqs.reduce(0) { try $0 + reader.attempts(ofNotification: $1) } : 0)
                }
                count.note(batch)
                switch stage {
                case .payloads: count.payloads += batch.seqs.count
                case .conflicts: count.conflicts += batch.seqs.count
                case .notifications: count.notifications += batch.seqs.count
                }
                count.attempts += attempts
                start = batch.next
            }
        }
        return count
    }

    private static func interrupted(_ count: PurgeCount) -> StoreError {
        StoreError(
            .interrupted,
            message: "the purge was broken off; \(count.payloads) payloads and \(count.notifications) notifications were purged, repeat it for the rest")
    }
}

extension PurgeCount {
    fileprivate mutating func note(_ batch: PurgeBatch) {
        unapplied += batch.unapplied
        undelivered += batch.undelivered
    }

    fileprivate static func += (count: inout PurgeCount, done: PurgeCount) {
        count.payloads += done.payloads
        count.conflicts += done.conflicts
        count.notifications += done.notifications
        count.attempts += done.attempts
    }
}

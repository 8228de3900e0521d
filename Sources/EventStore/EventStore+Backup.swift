import Dispatch
package import PaymentCore

extension EventStore {
    /// Pages copied in one slice: a third of a millisecond.
    private static let slicePages: Int32 = 16
    /// So many slices are synced together, 2 MB, on another thread: the writer's own syncs wait behind what the copy has not synced.
    private static let slicesBetweenSyncs = 8

    private static let filesQueue = DispatchQueue(label: "terima.backup", qos: .background)

    /// Writes everything that is stored into one file while others write, checks what was written, and only then gives it its name.
    /// - Throws: `backup_exists`, `backup_failed`, `backup_invalid` (what was written cannot be read again), `maintenance_running`, `interrupted`. There is no
    ///   new file then, but for a kill in the middle: that leaves one whose name ends with `.partial`.
    package func backup(to target: BackupTarget, now: Instant) async throws -> BackupReport {
        let path = target.path(now: now)
        let unfinished = path + BackupTarget.unfinished
        return try await maintaining {
            try await Self.blocking {
                if DurableFiles.exists(path) { throw StoreError(.backupExists, message: "\(path) is there already; name another file or remove it") }
                try Self.remove(unfinished)
                try DurableFiles.create(unfinished)
            }
            do {
                let newest = try await copy(to: unfinished, pace: .copying)
                return try await Self.blocking {
                    let file = BackupFile(path: unfinished)
                    try file.makePlain()
                    let contents = try file.check()
                    guard contents.events >= newest else {
                        throw StoreError(.backupInvalid, message: "\(unfinished) has \(contents.events) events, \(newest) were stored")
                    }
                    try DurableFiles.link(unfinished, as: path)
                    try DurableFiles.remove(unfinished)
                    // Before an older one goes, the new name must last.
                    try DurableFiles.syncDirectory(of: path)
                    var report = BackupReport(path: path, contents: contents)
                    if case .directory(let directory, _) = target {
                        report.removed = target.superfluous(among: try DurableFiles.names(in: directory))
                        for old in report.removed { try Self.remove(old) }
                    }
                    return report
                }
            } catch {
                try? await Self.blocking { try Self.remove(unfinished) }
                throw error
            }
        }
    }

    /// The newest event that is certainly in the copy.
    private func copy(to path: String, pace: SlicePace) async throws -> Int64 {
        var last = try await slice(after: nil, pace: pace) { [self] in
            try withSlot { slot in
                guard let writer = slot.writer else { return }
                slot.copy = try BackupCopy(of: writer.connection, to: path)
            }
        }.end
        do {
            for number in 1... {
                if Task.isCancelled { throw StoreError(.interrupted, message: "the backup was broken off") }
                let (newest, end) = try await slice(after: last, pace: pace) { [self] in try step() }
                if let newest { return newest }
                last = end
                if number % Self.slicesBetweenSyncs == 0 { try await Self.blocking { try DurableFiles.sync(path) } }
            }
        } catch {
            queue.async { [self] in try? withSlot { $0.copy = nil } }
            throw error
        }
        return 0
    }

    /// nil: there is more to copy.
    private func step() throws -> Int64? {
        try withSlot { slot in
            guard let copy = slot.copy else { throw StoreError(.closed, message: "the store was closed") }
            guard try copy.step(pages: Self.slicePages) else { return nil }
            slot.copy = nil
            try copy.finish()
            return lastSeq
        }
    }

    /// With what SQLite may have laid beside it.
    private static func remove(_ path: String) throws(StoreError) {
        for suffix in ["", "-journal", "-wal", "-shm"] { try DurableFiles.remove(path + suffix) }
    }

    /// On a thread that may block.
    private static func blocking<Done: Sendable>(_ body: @escaping @Sendable () throws -> Done) async throws -> Done {
        try await withCheckedThrowingContinuation { continuation in
            filesQueue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// A backup that was written.
package struct BackupReport: Sendable, Equatable {
    package var path: String
    package var contents: BackupFile.Contents
    /// Older backups, and what broken-off ones had left.
    package var removed: [String] = []

    /// The report as one JSON object.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("file", path)
            writer.member("bytes", contents.bytes)
            writer.member("events", contents.events)
            writer.member("charges", contents.charges)
            writer.member("newestReceivedAt", contents.newestReceivedAt?.iso8601)
            writer.key("removed")
            writer.array { writer in removed.forEach { writer.string($0) } }
        }
    }
}

extension EventStore {
    /// Events in one transaction: each has a body, and may have conflicts and notifications.
    private static let eraseRows = 16
    /// Pages of the file that a reader looks at in one go: 1 MB.
    private static let scannedPages = 64
    /// Somebody who reads keeps the write-ahead log from being emptied. So often it is tried again, with a pause between.
    private static let tries = 50
    private static let pause = Duration.milliseconds(200)

    /// Erases personal data: the bodies of events, of conflicts and of what is passed on, and every trace of them in the database file and its log. Charges,
    /// histories and identities stay. In many small transactions between which others write; safe to break off and to repeat.
    /// - Parameter dryRun: only count the events and name what they are about.
    /// - Throws: `maintenance_running`, `interrupted` (both as `StoreError`), and what the disk says.
    package func erase(_ request: EraseRequest, dryRun: Bool = false, readers: ReaderPool) async throws -> EraseReport {
        try await maintaining {
            let plan = try await ErasePlan.make(request.selection, readers: readers)
            var report = EraseReport()
            (report.events, report.subjects) = (plan.events.count, plan.events.isEmpty ? [] : plan.subjects)
            if dryRun { return report }
            var (rest, record, last): (ArraySlice<Int64>, Int64?, SliceEnd?) = (plan.events[...], nil, nil)
            while !rest.isEmpty {
                if Task.isCancelled { throw StoreError(.interrupted, message: "the erasure was broken off; repeat it") }
                let part = rest.prefix(Self.eraseRows)
                let (done, end) = try await slice(after: last, pace: SlicePace()) { [self, record] in
                    try perform("erase") { try $0.erase(part, of: request, record: record) }
                }
                rest = rest.dropFirst(Self.eraseRows)
                report.bodies += done.bodies
                (record, last) = (done.record, end)
            }
            // Also when nothing was found: an erasure that was broken off is repeated to have this done.
            try await clean(&report, readers: readers)
            return report
        }
    }

    /// What was deleted is zeros in the newest pages; older ones are in the write-ahead log until it is emptied, and remains of rows that were moved lie in the
    /// unused parts of pages.
    private func clean(_ report: inout EraseReport, readers: ReaderPool) async throws {
        guard try await overwriteRemains(on: []) != nil else { return }
        var first: Int64 = 1
        while true {
            let begin = first
            guard let pages = try await readers.read({ try $0.connection.pagesWithRemains(first: begin, count: Self.scannedPages) }) else { break }
            if !pages.isEmpty {
                guard let count = try await overwriteRemains(on: pages) else { return }
                report.pages += count
            }
            first += Int64(Self.scannedPages)
        }
        report.isClean = true
    }

    /// nil: somebody read all the time.
    private func overwriteRemains(on pages: [Int64]) async throws -> Int? {
        for _ in 0..<Self.tries {
            if Task.isCancelled { throw StoreError(.interrupted, message: "the erasure was broken off before the file was clean; repeat it") }
            let (count, _) = try await slice(after: nil, pace: SlicePace()) { [self] in
                try maintain("erase") { writer throws(StoreError) in try writer.overwriteRemains(on: pages) }
            }
            if let count { return count }
            try? await Task.sleep(for: Self.pause)
        }
        return nil
    }
}

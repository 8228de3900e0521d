/// Numbers that cost nothing to read.
package struct StoreStatistics: Sendable, Equatable {
    /// Size of the database file.
    package var fileBytes: Int64
    /// Size of the write-ahead log.
    package var logBytes: Int64
    /// The newest event's number; events count from 1 without gaps.
    package var lastSeq: Int64
    /// Events that wait for their commit.
    package var waiting: Int
    package var commits: CommitMeasures

    package init(fileBytes: Int64, logBytes: Int64, lastSeq: Int64, waiting: Int, commits: CommitMeasures = .init()) {
        self.fileBytes = fileBytes
        self.logBytes = logBytes
        self.lastSeq = lastSeq
        self.waiting = waiting
        self.commits = commits
    }
}

extension EventStore {
    /// The bounds of what waits. Beyond them `append` answers `overloaded` at once.
    package struct Limits: Sendable, Equatable {
        /// Events that wait for their commit, those being committed included.
        package var waitingEvents = 8_192
        /// Bytes of their bodies.
        package var waitingBytes = 32 << 20
        /// Events in one transaction: more hardly spare a sync, and keep other writes waiting.
        package var transactionEvents = 512
        /// Pages written to the write-ahead log before it is copied into the database: 250 pages of 16 KiB are 4 MB. Everybody waits while it is copied, so it is
        /// copied often: four times as many cost no throughput and make that wait, which is the tail of all answers, half as long.
        package var checkpointPages = 250

        package init() {}
    }
}

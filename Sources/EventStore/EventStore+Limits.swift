extension EventStore {
    /// The bounds of what waits. Beyond them `append` answers `overloaded` at once.
    package struct Limits: Sendable, Equatable {
        /// Events that wait for their commit, those being committed included.
        package var waitingEvents = 8_192
        /// Bytes of their bodies.
        package var waitingBytes = 32 << 20
        /// Events in one transaction: more hardly spare a sync, and keep other writes waiting.
        package var transactionEvents = 512
        /// Pages written to the write-ahead log before it is copied into the database: 1000 pages of 16 KiB are 16 MB.
        package var checkpointPages = 1_000

        package init() {}
    }
}

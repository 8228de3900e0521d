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
        /// An event that has waited so long for its transaction is refused: whoever sent it soon waits no longer, and will send it again.
        package var waitingMilliseconds = 2_500
        /// Space set aside for what comes after an event was accepted; see `DiskReserve`.
        package var reserveBytes: Int64 = 8 << 20
        /// The write-ahead log cannot start anew while a reader holds on to an old state. From here on somebody should look.
        package var logAlarmBytes: Int64 = 64 << 20
        /// From here on no event is taken, and from twice as much on nothing is written.
        package var logCapBytes: Int64 = 256 << 20
        /// Databases up to this size, log included, are looked through for damage at start.
        package var checkedBytes: Int64 = 64 << 20
        /// While there is no room, how often to look for it.
        package var recheckMilliseconds = 1_000

        package init() {}
    }
}

/// An event on its way into the store, and who wants to know.
struct PendingAppend: Sendable {
    var event: PackedEvent
    var arrived = ContinuousClock.now
    var completion: @Sendable (AppendOutcome) -> Void
}

/// What waits for the writer: bounded by count and bytes until it is *done*, not merely taken. A value that decides; `GroupCommit` acts.
struct Mailbox {
    enum Admission: Equatable {
        /// Taken in; `mustSchedule`: no drain is on its way, so one has to be started.
        case queued(mustSchedule: Bool)
        case full
        case closed
    }

    private let maximumCount: Int
    private let maximumBytes: Int
    private var arrived: [PendingAppend] = []
    private var bytes = 0
    private var isScheduled = false
    private var isClosed = false
    /// Events that were put in and are not done yet.
    private(set) var count = 0

    init(maximumCount: Int, maximumBytes: Int) {
        self.maximumCount = maximumCount
        self.maximumBytes = maximumBytes
    }

    mutating func put(_ pending: PendingAppend) -> Admission {
        guard !isClosed else { return .closed }
        let size = pending.event.body.count
        guard count < maximumCount, size <= maximumBytes - bytes else { return .full }
        arrived.append(pending)
        count += 1
        bytes += size
        defer { isScheduled = true }
        return .queued(mustSchedule: !isScheduled)
    }

    /// Everything that arrived since the last call. Empty: nothing waits, and the next `put` must schedule again.
    mutating func take() -> [PendingAppend] {
        var taken: [PendingAppend] = []
        swap(&taken, &arrived)
        if taken.isEmpty { isScheduled = false }
        return taken
    }

    /// Makes room again.
    mutating func done(_ batch: some Collection<PendingAppend>) {
        count -= batch.count
        bytes -= batch.reduce(0) { $0 + $1.event.body.count }
    }

    mutating func close() { isClosed = true }
}

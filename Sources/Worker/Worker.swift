import Dispatch
package import EventStore
package import Logging
package import PaymentCore
import Synchronization

/// Applies stored events and tells the shop, for as long as the service runs.
///
/// One serial queue, woken by a coalescing source (a commit, a result, `wake()`) or by one timer set to the next due time. Nothing polls, nothing sleeps.
/// Each time it makes one step of `ApplyEvents` and one of `Notify`; the store's trouble ends a step and is tried again after a growing wait.
package final class Worker: Sendable {
    let store: EventStore
    let settings: WorkerSettings
    let now: @Sendable () -> Instant
    private let uptime: @Sendable () -> Int64
    let logger: Logger
    let queue = DispatchQueue(label: "terima.worker")
    let alarm: Alarm
    private let apply: ApplyEvents
    /// Used on `queue` only; the lock is what lets the compiler see that.
    let core: Mutex<Core>
    let published: Mutex<WorkerStatus>
    /// Who wants to know that a step was made.
    private let echoes = Mutex<[@Sendable () -> Void]>([])
    /// A commit has brought events since they were last looked for.
    private let hasNews = Atomic(true)
    private let onStep: @Sendable () -> Void

    struct Core: Sendable {
        var notify: Notify
        var phase = Phase.idle
        var trouble = Trouble(of: "the worker")
        /// nil until the first step.
        var clock: ClockWatch?
        var pace: ApplyPace
        /// There may be more to apply than new commits tell of.
        var hasMore = true
        /// When the outbox has something due, as of the last look; nil when only a result or a commit can bring something.
        var nextDue: Instant?
        /// Microseconds, as `ApplyPace` counts them.
        var notifyNotBefore: Int64 = 0
    }

    /// Results that come within so many microseconds are recorded together.
    private static let notifyRest: Int64 = 2_000

    /// Idle until `start`; running until `stop`; stopping until every attempt has ended or the limit has come; then stopped for good.
    enum Phase: Sendable {
        case idle
        case running
        case stopping([@Sendable () -> Void])
        case stopped
    }

    /// A long wait is cut into pieces, so that a wall clock that has jumped is noticed.
    private static let longestWaitMilliseconds: Int64 = 15 * 60 * 1000

    /// - Parameters:
    ///   - endpoints: May be empty: events are applied then, and nobody is told.
    ///   - now: The wall clock; it may jump.
    ///   - uptime: Milliseconds of a clock that does not, and that goes on while the machine sleeps.
    ///   - jitter: 0..<1, drawn anew for every wait.
    ///   - onStep: Called on the worker's queue after each step, when `status()` is new; must not block.
    package init(
        store: EventStore, endpoints: [Endpoint], settings: WorkerSettings, sender: any Sender, now: @escaping @Sendable () -> Instant,
        uptime: @escaping @Sendable () -> Int64 = Worker.machineUptime, jitter: @escaping @Sendable () -> Double, logger: Logger,
        onStep: @escaping @Sendable () -> Void = {}
    ) {
        self.store = store
        self.settings = settings
        self.now = now
        self.uptime = uptime
        self.logger = logger
        self.onStep = onStep
        let alarm = Alarm(queue: queue)
        self.alarm = alarm
        apply = ApplyEvents(store: store, endpoints: endpoints, logger: logger)
        let notify = Notify(
            store: store, endpoints: endpoints, settings: settings, sender: sender, jitter: jitter, logger: logger,
            onResult: { alarm.wake() })
        core = Mutex(Core(notify: notify, pace: ApplyPace()))
        published = Mutex(notify.status(trouble: nil))
        alarm.activate { [weak self] in self?.run() }
        store.onCommit { [weak self] commit in
            if commit.events { self?.hasNews.store(true, ordering: .releasing) }
            if commit.events || commit.deliveries { self?.wake() }
        }
    }

    /// Begins to work. What was under way when the process ended is simply due. Once; later calls do nothing.
    package func start() {
        queue.async {
            let isFirst = self.core.withLock { core in
                guard case .idle = core.phase else { return false }
                core.phase = .running
                return true
            }
            if isFirst { self.run() }
        }
    }

    /// Something may be due: look soon. Any thread, never blocks; many wakes make one step.
    package func wake() { alarm.wake() }

    /// Makes a step and calls `echo` on the worker's queue after it: a proof that the worker goes on. Any thread, never blocks; `echo` must not block.
    package func echo(_ echo: @escaping @Sendable () -> Void) {
        echoes.withLock { $0.append(echo) }
        wake()
    }

    /// What attempts from here on are signed with, by the endpoint's name: a rotation without a restart. Attempts under way are not touched.
    /// - Parameter completion: Called once, on the worker's queue, when no attempt is signed with what was there before any more.
    package func replaceSecrets(_ secrets: [String: [EndpointSecret]], completion: @escaping @Sendable () -> Void = {}) {
        queue.async {
            self.core.withLock { core in
                core.notify.replaceSecrets(secrets)
                self.publish(core)
            }
            completion()
        }
    }

    /// As of the last step.
    package func status() -> WorkerStatus { published.withLock { $0 } }

    /// One step, on the queue.
    private func run() {
        let completions: [@Sendable () -> Void] = core.withLock { core in
            switch core.phase {
            case .idle, .stopped:
                return []
            case .running:
                guard core.trouble.mayTry else { return [] }
                work(&core)
                return []
            case .stopping(let completions):
                return windUp(&core) ? completions : []
            }
        }
        for completion in completions { completion() }
        let echoes = echoes.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for echo in echoes { echo() }
    }

    private func work(_ core: inout Core) {
        let now = now()
        var applied = Applied.everything(some: false)
        // Each for itself: what keeps events from being applied must not keep results from being recorded.
        var failure: (any Error)?
        do {
            try keepDueTimes(&core, now: now)
            applied = try apply(&core, now: now)
        } catch {
            failure = error
        }
        let looks = applied.isSomething || Self.microseconds >= core.notifyNotBefore
        if looks {
            do { core.nextDue = try core.notify.step(now: now) } catch { failure = error }
            core.notifyNotBefore = Self.microseconds + Self.notifyRest
        }
        if let failure { core.trouble.happened(failure, logger) } else { core.trouble.ended(logger) }
        publish(core)
        if let retry = core.trouble.nextTry { alarm.set(retry) } else { setAlarm(core, after: applied, looked: looks, now: now) }
    }

    /// What a step has applied.
    private enum Applied {
        /// All that waited; `some`: there was something.
        case everything(some: Bool)
        /// A part; the next step goes on.
        case part
        /// Nothing yet: not before this time.
        case nothing(until: Int64)

        var isSomething: Bool {
            switch self {
            case .everything(let some): some
            case .part: true
            case .nothing: false
            }
        }
    }

    private func apply(_ core: inout Core, now: Instant) throws -> Applied {
        guard hasNews.load(ordering: .acquiring) || core.hasMore else { return .everything(some: false) }
        switch core.pace.decide(now: Self.microseconds) {
        case .wait(let until): return .nothing(until: until)
        case .apply(let atLeast):
            let start = Self.microseconds
            // Before the look: what comes during it is looked for again. After an error too.
            hasNews.store(false, ordering: .sequentiallyConsistent)
            core.hasMore = true
            let step = try apply.step(now: now, limit: settings.batchSize, atLeast: atLeast)
            core.hasMore = step.hasMore
            let lag = step.reached.map { now.milliseconds(since: $0) } ?? 0
            core.pace.applied(from: start, to: Self.microseconds, hasMore: step.hasMore, lag: lag, newest: store.lastSeq)
            return core.hasMore ? .part : .everything(some: true)
        }
    }

    /// One timer for whatever comes first: events or results that are gathered, or what is due.
    private func setAlarm(_ core: Core, after applied: Applied, looked: Bool, now: Instant) {
        if case .part = applied { wake() }
        var wait = core.nextDue.map { min(max($0.milliseconds(since: now), 1), Self.longestWaitMilliseconds) }
        func notLater(than time: Int64) { wait = min(wait ?? .max, max((time - Self.microseconds + 999) / 1_000, 1)) }
        if case .nothing(let until) = applied { notLater(than: until) }
        if !looked { notLater(than: core.notifyNotBefore) }
        if let wait { alarm.set(milliseconds: wait) } else { alarm.unset() }
    }

    private static var microseconds: Int64 { Int64(truncatingIfNeeded: DispatchTime.now().uptimeNanoseconds / 1_000) }

    private static let start = ContinuousClock.now

    /// Since the first call, by the clock that `ContinuousClock` goes by.
    package static let machineUptime: @Sendable () -> Int64 = { (ContinuousClock.now - start).milliseconds }

    /// At the first step, and whenever the clock was set: due times mean a wait, not a time of day. Without this a clock put forward would make everything due at
    /// once, and after one that was ahead nothing would be due for as long.
    private func keepDueTimes(_ core: inout Core, now: Instant) throws {
        let uptime = uptime()
        let latest = now.advanced(byMilliseconds: settings.schedule.longestWaitMilliseconds)
        if let jump = core.clock?.jump(wall: now, uptime: uptime) {
            if jump != 0 {
                try store.write("clock") {
                    try $0.moveDue(byMilliseconds: jump)
                    try $0.reclampDue(latest: latest, now: now)
                }
                core.notify.clockWasSet(byMilliseconds: jump)
                logger.notice("the clock was set, waits go on as they were", metadata: ["milliseconds": "\(jump)"])
            }
            core.clock?.look(wall: now, uptime: uptime)
        } else {
            try store.write("reclamp") {
                try $0.restartWaits(now: now)
                try $0.reclampDue(latest: latest, now: now)
            }
            core.clock = ClockWatch(wall: now, uptime: uptime)
        }
    }

    func publish(_ core: Core) {
        let status = core.notify.status(trouble: core.trouble.code)
        published.withLock { $0 = status }
        onStep()
    }
}

import Synchronization

/// What anybody may ask of the store from any thread, and whom it tells.
final class StoreState: Sendable {
    private struct State {
        var lastSeq: Int64
        var health = StoreHealth.well
        var fatal: StoreError?
        /// The last write failed.
        var trouble: StoreError?
        /// No event is taken.
        var refusal: StoreError?
        /// Before it comes to a refusal.
        var strain: StoreError?
        var observers: [@Sendable (Commit) -> Void] = []
        var healthObservers: [@Sendable (StoreHealth) -> Void] = []
        var fatalHandlers: [@Sendable (StoreError) -> Void] = []
        /// Committed, but the observers were not told yet: a batch that was tried event by event makes several commits.
        var untold: [Commit] = []
        var commits = CommitMeasures()

        /// True: it has changed.
        mutating func takeHealth() -> Bool {
            let before = health
            if let error = fatal ?? refusal ?? trouble {
                health = .unwell(reason: error.code, sentence: error.message)
            } else {
                health = strain.map { .strained(reason: $0.code, sentence: $0.message) } ?? .well
            }
            return health != before
        }
    }

    private let state: Mutex<State>

    init(lastSeq: Int64) { state = Mutex(State(lastSeq: lastSeq)) }

    var lastSeq: Int64 { state.withLock { $0.lastSeq } }
    var health: StoreHealth { state.withLock { $0.health } }
    var commits: CommitMeasures { state.withLock { $0.commits } }
    /// After it nothing is promised any more.
    var fatal: StoreError? { state.withLock { $0.fatal } }
    /// Why no event is taken at all; nil: they are.
    var refusal: StoreError? { state.withLock { $0.fatal ?? $0.refusal } }

    func addObserver(_ observer: @escaping @Sendable (Commit) -> Void) { state.withLock { $0.observers.append(observer) } }

    /// Hears of the health at once when it is not well.
    func addHealthObserver(_ observer: @escaping @Sendable (StoreHealth) -> Void) {
        let health = state.withLock { state in
            state.healthObservers.append(observer)
            return state.health
        }
        if health != .well { observer(health) }
    }

    /// Calls the handler at once when it is too late already.
    func addFatalHandler(_ handler: @escaping @Sendable (StoreError) -> Void) {
        let fatal = state.withLock { state in
            if state.fatal == nil { state.fatalHandlers.append(handler) }
            return state.fatal
        }
        if let fatal { handler(fatal) }
    }

    /// A transaction committed. If it wrote anything, the disk takes writes again; one that only looked says nothing about that.
    func succeeded(_ commit: Commit, hasWritten: Bool) {
        change { state in
            state.lastSeq = commit.lastSeq
            if hasWritten { state.trouble = nil }
            if commit.changedSomething { state.untold.append(commit) }
        }
    }

    /// What keeps events from being taken now, and what soon will.
    func now(refusal: StoreError?, strain: StoreError?) {
        change { state in
            // What the last write failed for is over.
            if state.refusal != nil, refusal == nil { state.trouble = nil }
            state.refusal = refusal
            state.strain = strain
        }
    }

    /// A group commit of so many received events went well.
    func measured(events: Int, took duration: Duration) { state.withLock { $0.commits.record(events: events, took: duration) } }

    /// Tells the observers what was committed.
    func notify() {
        let (commits, observers) = state.withLock { state in
            defer { state.untold.removeAll() }
            return (state.untold, state.observers)
        }
        for commit in commits {
            for observer in observers { observer(commit) }
        }
    }

    /// Only errors that concern the storage make the store unwell: a refused row or a caller's mistake says nothing about it.
    func failed(_ error: StoreError) {
        guard error.concernsStorage else { return }
        var handlers: [@Sendable (StoreError) -> Void] = []
        change { state in
            guard state.fatal == nil else { return }
            state.trouble = error
            guard error.isFinal else { return }
            state.fatal = error
            swap(&handlers, &state.fatalHandlers)
        }
        for handler in handlers { handler(error) }
    }

    private func change(_ body: (inout State) -> Void) {
        let told = state.withLock { state -> (StoreHealth, [@Sendable (StoreHealth) -> Void])? in
            body(&state)
            return state.takeHealth() ? (state.health, state.healthObservers) : nil
        }
        guard let (health, observers) = told else { return }
        for observer in observers { observer(health) }
    }
}

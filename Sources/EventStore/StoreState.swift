import Synchronization

/// What anybody may ask of the store from any thread, and whom it tells.
final class StoreState: Sendable {
    private struct State {
        var lastSeq: Int64
        var health = StoreHealth.well
        var fatal: StoreError?
        var observers: [@Sendable (Commit) -> Void] = []
        var fatalHandlers: [@Sendable (StoreError) -> Void] = []
        /// Committed, but the observers were not told yet: a batch that was tried event by event makes several commits.
        var untold: [Commit] = []
        var commits = CommitMeasures()
    }

    private let state: Mutex<State>

    init(lastSeq: Int64) { state = Mutex(State(lastSeq: lastSeq)) }

    var lastSeq: Int64 { state.withLock { $0.lastSeq } }
    var health: StoreHealth { state.withLock { $0.health } }
    var commits: CommitMeasures { state.withLock { $0.commits } }
    var fatal: StoreError? { state.withLock { $0.fatal } }

    func addObserver(_ observer: @escaping @Sendable (Commit) -> Void) { state.withLock { $0.observers.append(observer) } }

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
        state.withLock { state in
            state.lastSeq = commit.lastSeq
            if state.fatal == nil, hasWritten { state.health = .well }
            if commit.changedSomething { state.untold.append(commit) }
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
        let handlers = state.withLock { state -> [@Sendable (StoreError) -> Void] in
            guard state.fatal == nil else { return [] }
            state.health = .unwell(reason: error.code, sentence: error.message)
            guard error.isFinal else { return [] }
            state.fatal = error
            defer { state.fatalHandlers.removeAll() }
            return state.fatalHandlers
        }
        for handler in handlers { handler(error) }
    }
}

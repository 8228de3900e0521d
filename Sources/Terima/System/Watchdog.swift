import EventStore
import NIOCore
import Synchronization
import Worker

/// Whether every part of the service still makes progress. In each round every part is asked for an echo, which it gives from where its work is done; when all
/// have given it the service lives. A round that is not complete when the next would begin goes on, and the parts that are silent are named.
///
/// It knows neither clock nor thread: `tick` is called from outside.
final class Watchdog: Sendable {
    /// Something that must go on for the service to be of use.
    struct Part: Sendable {
        var name: String
        /// Has `echo` called once, when what was to be done before is done. Any thread, never blocks.
        var ask: @Sendable (_ echo: @escaping @Sendable () -> Void) -> Void
    }

    private struct State {
        /// Those that have not answered yet in this round, as indices.
        var silent: Set<Int> = []
        /// Those that were named last.
        var named: [String] = []
    }

    private let parts: [Part]
    private let state = Mutex(State())
    private let onAlive: @Sendable () -> Void
    private let onStuck: @Sendable ([String]) -> Void

    /// - Parameters:
    ///   - parts: At least one.
    ///   - onAlive: A round is complete. Called on a thread of one of the parts; must not block.
    ///   - onStuck: Which parts are silent for longer than a round, whenever that has changed; empty when none is any more. Must not block.
    init(parts: [Part], onAlive: @escaping @Sendable () -> Void, onStuck: @escaping @Sendable ([String]) -> Void) {
        (self.parts, self.onAlive, self.onStuck) = (parts, onAlive, onStuck)
    }

    /// Begins a round if the last one is complete, else names who keeps it from that.
    func tick() {
        let (begins, news) = state.withLock { state -> (Bool, [String]?) in
            guard !state.silent.isEmpty else {
                state.silent = Set(parts.indices)
                return (true, nil)
            }
            return (false, Self.rename(&state, to: state.silent.sorted().map { parts[$0].name }))
        }
        if let news { onStuck(news) }
        guard begins else { return }
        for (index, part) in parts.enumerated() { part.ask { self.answered(index) } }
    }

    private func answered(_ index: Int) {
        let (isComplete, news) = state.withLock { state -> (Bool, [String]?) in
            guard state.silent.remove(index) != nil, state.silent.isEmpty else { return (false, nil) }
            return (true, Self.rename(&state, to: []))
        }
        guard isComplete else { return }
        if let news { onStuck(news) }
        // At once, be it late: systemd may be about to lose its patience.
        onAlive()
    }

    /// The new names if they are others than before.
    private static func rename(_ state: inout State, to names: [String]) -> [String]? {
        guard names != state.named else { return nil }
        state.named = names
        return names
    }
}

extension Watchdog {
    /// What `terima serve` stands on: the writer's queue, the worker, and every event loop of the group.
    static func parts(_ store: EventStore, _ worker: Worker, _ group: any EventLoopGroup) -> [Part] {
        let loops = group.makeIterator().enumerated().map { number, loop in
            Part(name: "event loop \(number + 1)") { echo in loop.execute(echo) }
        }
        return [Part(name: "writer") { store.echo($0) }, Part(name: "worker") { worker.echo($0) }] + loops
    }
}

package import EventStore
import NIOCore
import Synchronization

/// Requests that wait for something to change. A waiter costs one promise and one scheduled task; nothing polls the database.
package final class ChangeFeed: Sendable {
    /// What can be waited for.
    enum Topic: Hashable, Sendable {
        /// Any event that comes in.
        case events
        /// Anything that is told to shops.
        case history
        /// One charge, by its id or its `merchantPaymentChargeReference`.
        case charge(String)
    }

    package struct Settings: Sendable {
        /// Most requests that may wait at once.
        package var maximumWaiting = 4_096
        /// Most streams of changes at once.
        package var maximumStreams = 64
        /// How long a charge must stay silent before the request that waits for it has PPRO asked.
        package var askAfterMilliseconds: Int64 = 2_000
        /// How long a stream is silent at most.
        package var heartbeatMilliseconds: Int64 = 15_000

        package init() {}
    }

    private struct State {
        var seats: [Topic: [Int: Seat]] = [:]
        var waiting = 0
        var streams = 0
        var nextKey = 0
        var isClosed = false

        func hasRoom(for topic: Topic, _ settings: Settings) -> Bool {
            switch topic {
            case .events, .charge: waiting < settings.maximumWaiting
            case .history: streams < settings.maximumStreams
            }
        }

        mutating func count(_ topic: Topic, _ change: Int) {
            switch topic {
            case .events, .charge: waiting += change
            case .history: streams += change
            }
        }
    }

    package let settings: Settings
    private let state = Mutex(State())

    package init(settings: Settings = Settings()) { self.settings = settings }

    /// Requests that wait.
    package var waiting: Int { state.withLock { $0.waiting } }
    /// Streams that are open.
    package var streams: Int { state.withLock { $0.streams } }

    /// Wakes those whose topic the commit is about; each looks for itself whether what it wants has come. Never blocks.
    package func announce(_ commit: Commit) {
        let woken = state.withLock { state in
            var woken: [Seat] = []
            if commit.events { woken += state.seats[.events, default: [:]].values }
            if commit.notifications { woken += state.seats[.history, default: [:]].values }
            for charge in commit.charges {
                woken += state.seats[.charge(charge.id), default: [:]].values
                if let reference = charge.reference { woken += state.seats[.charge(reference), default: [:]].values }
            }
            return woken
        }
        for seat in woken { seat.wake() }
    }

    /// Ends the waiting of everyone, and of everyone who comes later; for shutting down.
    package func close() {
        let seats = state.withLock { state in
            state.isClosed = true
            return state.seats.values.flatMap { $0.values }
        }
        for seat in seats { seat.close() }
    }

    /// A place to wait at, taken *before* looking into the database: what changes after that, wakes. nil when all places are taken.
    func place(for topic: Topic) -> Place? {
        let seat = Seat()
        let taken = state.withLock { state -> (key: Int, isClosed: Bool)? in
            guard state.isClosed || state.hasRoom(for: topic, settings) else { return nil }
            state.nextKey &+= 1
            state.seats[topic, default: [:]][state.nextKey] = seat
            state.count(topic, 1)
            return (state.nextKey, state.isClosed)
        }
        guard let taken else { return nil }
        if taken.isClosed { seat.close() }
        return Place(seat) { self.leave(topic, taken.key) }
    }

    private func leave(_ topic: Topic, _ key: Int) {
        state.withLock { state in
            state.seats[topic]?[key] = nil
            if state.seats[topic]?.isEmpty == true { state.seats[topic] = nil }
            state.count(topic, -1)
        }
    }
}

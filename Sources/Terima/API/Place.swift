import NIOCore
import Synchronization

/// A place in the `ChangeFeed`, given back when the last reference to it goes.
final class Place: Sendable {
    private let seat: Seat
    private let leave: @Sendable () -> Void

    init(_ seat: Seat, leave: @escaping @Sendable () -> Void) { (self.seat, self.leave) = (seat, leave) }

    deinit { leave() }

    /// Why the waiting ended.
    enum Wake: Sendable {
        /// Something changed since the place was taken, or since the last `changed`.
        case changed
        case timedOut
        /// Nobody waits any more: the service stops.
        case closed
    }

    /// Waits for the next change. One at a time; throws `CancellationError` as soon as the task is cancelled.
    func wait(until deadline: NIODeadline, on loop: any EventLoop) async throws -> Wake {
        switch seat.sit(until: deadline, on: loop) {
        case .atOnce(let wake): return wake
        case .later(let future, let turn):
            let timer = loop.scheduleTask(deadline: deadline) { [seat] in seat.end(turn, .success(.timedOut)) }
            defer { timer.cancel() }
            return try await withTaskCancellationHandler {
                try await future.get()
            } onCancel: {
                seat.end(turn, .failure(CancellationError()))
            }
        }
    }

    /// Whether the service stops.
    var isClosed: Bool { seat.isClosed }

    /// Calls `body` once when the service stops; at once if it has.
    func whenClosed(_ body: @escaping @Sendable () -> Void) { seat.whenClosed(body) }
}

/// The feed's side of a place.
final class Seat: Sendable {
    private struct State {
        /// Of the one who waits now.
        var promise: EventLoopPromise<Place.Wake>?
        /// Counts the waits, so that the timer of an earlier one cannot end a later one.
        var turn = 0
        var isChanged = false
        var isClosed = false
        var onClose: (@Sendable () -> Void)?
    }

    enum Waiting {
        case atOnce(Place.Wake)
        case later(EventLoopFuture<Place.Wake>, turn: Int)
    }

    private let state = Mutex(State())

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func sit(until deadline: NIODeadline, on loop: any EventLoop) -> Waiting {
        state.withLock { state in
            if state.isClosed { return .atOnce(.closed) }
            if state.isChanged {
                state.isChanged = false
                return .atOnce(.changed)
            }
            guard loop.now < deadline else { return .atOnce(.timedOut) }
            let promise = loop.makePromise(of: Place.Wake.self)
            state.promise = promise
            state.turn &+= 1
            return .later(promise.futureResult, turn: state.turn)
        }
    }

    func end(_ turn: Int, _ result: Result<Place.Wake, any Error>) {
        let promise = state.withLock { $0.turn == turn ? $0.promise.take() : nil }
        promise?.completeWith(result)
    }

    func wake() {
        let promise = state.withLock { state in
            if state.promise == nil { state.isChanged = true }
            return state.promise.take()
        }
        promise?.succeed(.changed)
    }

    func close() {
        let (promise, onClose) = state.withLock { state in
            state.isClosed = true
            return (state.promise.take(), state.onClose.take())
        }
        promise?.succeed(.closed)
        onClose?()
    }

    func whenClosed(_ body: @escaping @Sendable () -> Void) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.onClose = body }
            return state.isClosed
        }
        if isClosed { body() }
    }
}

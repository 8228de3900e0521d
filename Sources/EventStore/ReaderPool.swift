import Dispatch
import Synchronization

/// A few readers, each on its own queue: a query never blocks the caller's thread pool, and a slow one holds up one lane only.
package final class ReaderPool: Sendable {
    /// Gets nil when the pool is closed.
    private typealias Job = @Sendable (Reader?) -> Void
    private typealias Lane = Confined<Slot>

    private final class Slot {
        var reader: Reader?

        init(_ reader: Reader) { self.reader = reader }
    }

    private struct State {
        var idle: [Int]
        var waiting: [Job] = []
        var isClosed = false
    }

    private let lanes: [Lane]
    private let state: Mutex<State>

    /// Opens `count` readers at once; throws what `Reader.open` throws.
    package init(path: String, count: Int = 2) throws(StoreError) {
        var lanes: [Lane] = []
        for number in 0..<max(1, count) {
            let reader = try Reader.open(path: path)
            lanes.append(Confined(to: DispatchQueue(label: "terima.reader.\(number)")) { Slot(reader) })
        }
        self.lanes = lanes
        state = Mutex(State(idle: Array(lanes.indices)))
    }

    /// Runs `body` on the next free reader. Throws what it throws, and `store_closed`.
    package func read<Result: Sendable>(_ body: @escaping @Sendable (Reader) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            submit { reader in continuation.resume(with: Self.result(reader, body)) }
        }
    }

    /// As `read`, blocking the caller's thread: never on an event loop or in the cooperative pool.
    package func readBlocking<Result: Sendable>(_ body: @escaping @Sendable (Reader) throws -> Result) throws -> Result {
        let answer = Answer<Result>()
        submit { reader in
            let result = Self.result(reader, body)
            answer.value.withLock { $0 = result }
            answer.done.signal()
        }
        answer.done.wait()
        guard let result = answer.value.withLock({ $0 }) else { throw Self.closed }
        return try result.get()
    }

    /// Lets the queries that run finish and refuses those that wait, then closes the readers. Blocks; idempotent. Not from inside a query.
    package func close() {
        state.withLock { $0.isClosed = true }
        for lane in lanes {
            lane.queue.sync { lane { $0.reader = nil } }
        }
    }

    private final class Answer<Value: Sendable>: Sendable {
        let value = Mutex<Result<Value, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
    }

    private static var closed: StoreError { StoreError(.closed, message: "the readers are closed") }

    private static func result<Value>(_ reader: Reader?, _ body: (Reader) throws -> Value) -> Result<Value, any Error> {
        guard let reader else { return .failure(closed) }
        return Result { try body(reader) }
    }

    private enum Turn {
        case now(lane: Int)
        case later
        case never
    }

    private func submit(_ job: @escaping Job) {
        let turn = state.withLock { state -> Turn in
            if state.isClosed { return .never }
            if let lane = state.idle.popLast() { return .now(lane: lane) }
            state.waiting.append(job)
            return .later
        }
        switch turn {
        case .now(let lane): start(job, on: lane)
        case .later: break
        case .never: job(nil)
        }
    }

    private func start(_ job: @escaping Job, on number: Int) {
        let lane = lanes[number]
        lane.queue.async { [self] in
            lane { job($0.reader) }
            let next = state.withLock { state -> Job? in
                if !state.waiting.isEmpty { return state.waiting.removeFirst() }
                state.idle.append(number)
                return nil
            }
            if let next { start(next, on: number) }
        }
    }
}

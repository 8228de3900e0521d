internal import Dispatch
internal import Synchronization

/// The state on disk, written behind the state in memory on a queue of its own, in the order of the changes.
final class StateFile: Sendable {
    private let connection: Mutex<StateConnection>
    private let queue = DispatchQueue(label: "ppro-sandbox.state")
    /// The first one; nothing is written any more after it.
    private let failure = Mutex<StateFileError?>(nil)

    /// - Throws: When the file cannot be used.
    init(path: String) throws(StateFileError) { connection = Mutex(try StateConnection(path: path)) }

    /// Everything that is kept.
    func rows() throws(StateFileError) -> [KeptRow] { try connection.withLock { connection throws(StateFileError) in try connection.rows() } }

    /// Writes in the background: who calls it in the order of the changes is written in that order.
    func write(_ rows: [KeptRow]) {
        if rows.isEmpty { return }
        queue.async { [self] in
            guard failure.withLock({ $0 == nil }) else { return }
            do throws(StateFileError) {
                try connection.withLock { connection throws(StateFileError) in try connection.write(rows) }
            } catch {
                failure.withLock { $0 = error }
            }
        }
    }

    /// Waits until all that was given to `write` before is written.
    /// - Returns: What went wrong, now or before.
    func settled() async -> StateFileError? {
        await withCheckedContinuation { continuation in
            queue.async { [self] in continuation.resume(returning: failure.withLock { $0 }) }
        }
    }

    /// Writes what is still to be written and gives the file up, so that the next one can have it.
    func close() async {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                connection.withLock { $0.close() }
                continuation.resume()
            }
        }
    }
}

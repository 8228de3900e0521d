import Dispatch

/// What wakes the worker's queue: a coalescing source (many calls of `wake`, one run) and one timer.
///
/// `@unchecked`: libdispatch's sources may be used from any thread (dispatch_source_create(3)), but on Linux their Swift protocols do not say so.
final class Alarm: @unchecked Sendable {
    private let source: any DispatchSourceUserDataAdd
    private let timer: any DispatchSourceTimer

    init(queue: DispatchQueue) {
        source = DispatchSource.makeUserDataAddSource(queue: queue)
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .distantFuture)
    }

    deinit {
        source.cancel()
        timer.cancel()
    }

    /// `handler` runs on the queue for each alarm from now on. Once, before anything else.
    func activate(_ handler: @escaping @Sendable () -> Void) {
        source.setEventHandler { handler() }
        timer.setEventHandler { handler() }
        source.activate()
        timer.activate()
    }

    /// Soon. Any thread, never blocks.
    func wake() { source.add(data: 1) }

    /// Replaces the time set before.
    func set(_ deadline: DispatchTime) { timer.schedule(deadline: deadline) }

    func set(milliseconds: Int64) { set(.now() + .milliseconds(Int(clamping: milliseconds))) }

    func unset() { set(.distantFuture) }
}

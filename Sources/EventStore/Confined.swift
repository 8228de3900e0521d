import Dispatch

/// Holds what is not Sendable on one serial queue. The compiler cannot see that a Dispatch queue runs one block at a time,
/// so this is the one place where it is told (`@unchecked`) and where it is checked at run time instead.
final class Confined<Value>: @unchecked Sendable {
    let queue: DispatchQueue
    private let value: Value

    /// The queue must be serial. `make` runs at once, before anybody else can know the value.
    init<Failure: Error>(to queue: DispatchQueue, _ make: () throws(Failure) -> Value) throws(Failure) {
        self.queue = queue
        self.value = try make()
    }

    /// Only on the queue; anywhere else it traps, since two threads on one connection would damage more than a crash does.
    func callAsFunction<Result>(_ body: (Value) throws -> Result) rethrows -> Result {
        dispatchPrecondition(condition: .onQueue(queue))
        return try body(value)
    }
}

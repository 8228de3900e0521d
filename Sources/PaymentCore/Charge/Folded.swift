/// A state together with how its events led to it.
package struct Folded<State: Sendable & Equatable>: Sendable, Equatable {
    package var state: State
    /// The `seq` of every event that contradicts what the others say; their number is the state's `anomalies`.
    package var anomalous: Set<Int64>
    /// The `seq` of every event, in fold order.
    package var order: [Int64]

    package init(state: State, anomalous: Set<Int64>, order: [Int64]) {
        self.state = state
        self.anomalous = anomalous
        self.order = order
    }
}

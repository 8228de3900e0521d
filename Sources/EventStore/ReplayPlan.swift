/// What a replay is to do again, decided once on one state of the database: what fails or dies later is not in it, and nothing is in it twice.
package struct ReplayPlan: Sendable {
    /// A finished delivery as it was found. It has moved on when it has another number of attempts.
    struct Delivery: Sendable, Equatable {
        var seq: Int64
        /// Place in the plan's `endpoints`.
        var endpoint: Int
        var lane: Int64
        var attempts: Int64

        func isInLane(of other: Delivery) -> Bool { endpoint == other.endpoint && lane == other.lane }
    }

    /// What one transaction does.
    package struct Slice: Sendable {
        var events: ArraySlice<Int64> = []
        var deliveries: ArraySlice<Delivery> = []
        var endpoints: [String] = []
    }

    /// Failed events, oldest first.
    private let events: [Int64]
    /// Finished deliveries: lane by lane in the order of their oldest, and each lane oldest first.
    private let deliveries: [Delivery]
    private let endpoints: [String]
    private var eventsTaken = 0
    private var deliveriesTaken = 0
    private var isBegun = false
    /// Deliveries that were meant too, but whose notification was purged: there is nothing to send any more.
    package let purged: Int

    init(events: [Int64] = [], deliveries: [Delivery] = [], endpoints: [String] = [], purged: Int = 0) {
        self.purged = purged
        self.events = events
        self.deliveries = Self.byLane(deliveries)
        self.endpoints = endpoints
    }

    package var count: ReplayCount { ReplayCount(events: events.count, deliveries: deliveries.count) }

    /// The next slice, of about `rows` rows: events before deliveries. The first is there even if it is empty, for its record; nil: all was taken.
    ///
    /// A lane is never cut. Were a part of it made due first, what waits behind could be sent before the rest. A lane holds what there was to tell about
    /// one charge or agreement: a handful.
    package mutating func next(rows: Int) -> Slice? {
        if isBegun, eventsTaken == events.count, deliveriesTaken == deliveries.count { return nil }
        isBegun = true
        var slice = Slice(endpoints: endpoints)
        slice.events = events[eventsTaken...].prefix(rows)
        eventsTaken += slice.events.count
        guard eventsTaken == events.count else { return slice }
        var end = deliveriesTaken + min(rows - slice.events.count, deliveries.count - deliveriesTaken)
        while end > deliveriesTaken, end < deliveries.count, deliveries[end].isInLane(of: deliveries[end - 1]) { end += 1 }
        slice.deliveries = deliveries[deliveriesTaken..<end]
        deliveriesTaken = end
        return slice
    }

    private struct Lane: Hashable {
        var endpoint: Int
        var lane: Int64
    }

    /// - Parameter deliveries: oldest first.
    private static func byLane(_ deliveries: [Delivery]) -> [Delivery] {
        var oldest: [Lane: Int64] = [:]
        let placed = deliveries.map { delivery in
            let lane = Lane(endpoint: delivery.endpoint, lane: delivery.lane)
            guard let first = oldest[lane] else {
                oldest[lane] = delivery.seq
                return (first: delivery.seq, delivery: delivery)
            }
            return (first: first, delivery: delivery)
        }
        return placed.sorted { ($0.first, $0.delivery.seq) < ($1.first, $1.delivery.seq) }.map(\.delivery)
    }
}

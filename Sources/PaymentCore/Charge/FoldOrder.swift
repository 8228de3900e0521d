/// The order in which a fold takes its events: `(time, rank of the type, rank of the status, id as bytes)`, never the order of arrival.
///
/// Answers of PPRO's API come after all else of their millisecond, and among themselves in the order in which PPRO gave them. Two sources may use one id. Events that are equal up to there are ordered by all that they say; events that say the same are one event, counted once.
struct FoldOrder {
    /// Every event with a `seq` of its own, in order.
    let events: [ChargeEvent]
    /// Positions in `events` that repeat the event right before them.
    let repeats: Set<Int>

    init(_ unordered: [ChargeEvent], statusRank: (String) -> Int) {
        let places = unordered.indices.map { Place($0, unordered[$0], statusRank: statusRank) }
        let sorted = FoldOrder.distinct(
            places.sorted { $0.precedes($1) ?? FoldOrder.precedes(unordered[$0.index], unordered[$1.index]) }, of: unordered)
        let isInOrder = sorted.indices.allSatisfy { sorted[$0].index == $0 } && sorted.count == unordered.count
        let events = isInOrder ? unordered : sorted.map { unordered[$0.index] }
        self.events = events
        repeats = Set(events.indices.dropFirst().filter { sorted[$0 - 1].time == sorted[$0].time && FoldOrder.sayTheSame(events[$0 - 1], events[$0]) })
    }

    /// Those with a `seq` that none before has.
    private static func distinct(_ places: [Place], of events: [ChargeEvent]) -> [Place] {
        // As the store gives them. No more needs to be known then.
        if events.indices.dropFirst().allSatisfy({ events[$0 - 1].seq < events[$0].seq }) { return places }
        var seen: Set<Int64> = []
        return places.filter { seen.insert(events[$0.index].seq).inserted }
    }

    /// Where an event stands, as far as that can be told without its texts, and where it came from.
    private struct Place {
        let index: Int
        let time: Instant
        let typeRank: Int
        let observedAt: Instant?
        let statusRank: Int

        init(_ index: Int, _ event: ChargeEvent, statusRank: (String) -> Int) {
            self.index = index
            time = event.facts.time
            observedAt = event.facts.snapshot?.observedAt
            // PPRO's whole word holds all that happened up to its time, that millisecond included.
            typeRank = observedAt == nil ? EventType.rank(of: event.facts.type) : EventType.lastRank + 1
            // Without a status it moves no status: any fixed place will do.
            self.statusRank = event.facts.status.map(statusRank) ?? .max
        }

        /// Nil when the texts decide.
        func precedes(_ other: Place) -> Bool? {
            if time != other.time { return time < other.time }
            if typeRank != other.typeRank { return typeRank < other.typeRank }
            if let observedAt, let theirs = other.observedAt, observedAt != theirs { return observedAt < theirs }
            return statusRank == other.statusRank ? nil : statusRank < other.statusRank
        }
    }

    /// The order of two events at one place.
    private static func precedes(_ a: ChargeEvent, _ b: ChargeEvent) -> Bool {
        if !a.id.hasSameBytes(as: b.id) { return a.id.precedesByBytes(b.id) }
        return a.facts.precedes(b.facts) ?? (a.seq < b.seq)
    }

    /// True when two events of one time are one event that was stored twice.
    private static func sayTheSame(_ a: ChargeEvent, _ b: ChargeEvent) -> Bool { a.id.hasSameBytes(as: b.id) && a.facts.precedes(b.facts) == nil }
}

extension EventFacts {
    /// Whether this one comes first by all but the time; nil when they are the same. Nil texts come first.
    fileprivate func precedes(_ other: EventFacts) -> Bool? {
        for (mine, theirs) in zip(texts, other.texts) {
            switch (mine, theirs) {
            case (nil, nil): continue
            case (nil, _?): return true
            case (_?, nil): return false
            case (let mine?, let theirs?):
                if !mine.hasSameBytes(as: theirs) { return mine.precedesByBytes(theirs) }
            }
        }
        let (mine, theirs) = (amount?.value ?? 0, other.amount?.value ?? 0)
        return mine == theirs ? nil : mine < theirs
    }

    /// All the words of the facts, in a fixed order.
    private var texts: [String?] {
        [
            type, status, operation?.kind.rawValue, operation?.id, operation?.state.rawValue, amount?.currency, fundsState, failureCode, paymentMethod,
            merchantId, merchantReference, orderReferenceNumber, snapshot?.json,
        ]
    }
}

/// The order in which a fold takes its events: `(time, rank of the type, rank of the status, id as bytes)`, never the order of arrival.
///
/// Answers of PPRO's API come after all else of their millisecond, and among themselves in the order in which PPRO gave them. Two sources may use one id. Events that are equal up to there are ordered by all that they say; events that say the same are one event, counted once.
struct FoldOrder {
    /// Every event with a `seq` of its own, in order.
    let events: [ChargeEvent]
    /// Positions in `events` that repeat the event right before them.
    let repeats: Set<Int>

    init(_ unordered: [ChargeEvent], statusRank: (String) -> Int) {
        var seen: Set<Int64> = []
        let sorted = unordered.map { Entry($0, statusRank: statusRank) }.sorted { $0.precedes($1) }.filter { seen.insert($0.event.seq).inserted }
        events = sorted.map(\.event)
        repeats = Set(zip(sorted, sorted.dropFirst()).enumerated().compactMap { $1.1.saysTheSame(as: $1.0) ? $0 + 1 : nil })
    }

    private struct Entry {
        let event: ChargeEvent
        let typeRank: Int
        let statusRank: Int

        init(_ event: ChargeEvent, statusRank: (String) -> Int) {
            self.event = event
            // PPRO's whole word holds all that happened up to its time, that millisecond included.
            self.typeRank = event.facts.snapshot == nil ? EventType.rank(of: event.facts.type) : EventType.lastRank + 1
            // Without a status it moves no status: any fixed place will do.
            self.statusRank = event.facts.status.map(statusRank) ?? .max
        }

        func precedes(_ other: Entry) -> Bool {
            let (a, b) = (event, other.event)
            if a.facts.time != b.facts.time { return a.facts.time < b.facts.time }
            if typeRank != other.typeRank { return typeRank < other.typeRank }
            if let mine = a.facts.snapshot?.observedAt, let theirs = b.facts.snapshot?.observedAt, mine != theirs { return mine < theirs }
            if statusRank != other.statusRank { return statusRank < other.statusRank }
            if !a.id.hasSameBytes(as: b.id) { return a.id.precedesByBytes(b.id) }
            if let first = firstDifference(from: other) { return first }
            return a.seq < b.seq
        }

        /// True when both are one event that was stored twice.
        func saysTheSame(as other: Entry) -> Bool {
            event.facts.time == other.event.facts.time && event.id.hasSameBytes(as: other.event.id) && firstDifference(from: other) == nil
        }

        /// Whether this one comes first by the rest of the facts; nil when they are the same. Nil texts come first.
        private func firstDifference(from other: Entry) -> Bool? {
            for (mine, theirs) in zip(event.facts.texts, other.event.facts.texts) {
                switch (mine, theirs) {
                case (nil, nil): continue
                case (nil, _?): return true
                case (_?, nil): return false
                case (let mine?, let theirs?):
                    if !mine.hasSameBytes(as: theirs) { return mine.precedesByBytes(theirs) }
                }
            }
            let (mine, theirs) = (event.facts.amount?.value ?? 0, other.event.facts.amount?.value ?? 0)
            return mine == theirs ? nil : mine < theirs
        }
    }
}

extension EventFacts {
    /// All the words of the facts, in a fixed order.
    fileprivate var texts: [String?] {
        [
            type, status, operation?.kind.rawValue, operation?.id, operation?.state.rawValue, amount?.currency, fundsState, failureCode, paymentMethod,
            merchantId, merchantReference, orderReferenceNumber, snapshot?.json,
        ]
    }
}

/// The operations of one charge and the sums over those that succeeded. Each operation holds one amount, so a repeated event cannot count twice.
struct OperationLedger {
    /// Operations are told apart by kind and the bytes of their id. Those without an id share one nameless key per kind.
    private struct Key: Hashable {
        var kind: OperationFact.Kind
        var id: String?

        static func == (a: Key, b: Key) -> Bool {
            guard a.kind == b.kind, let mine = a.id, let theirs = b.id else { return a.kind == b.kind && a.id == nil && b.id == nil }
            return mine.hasSameBytes(as: theirs)
        }

        /// The id alone tells nearly all apart. Equal bytes have equal hashes, though the reverse is not so.
        func hash(into hasher: inout Hasher) { hasher.combine(id) }
    }

    private struct Operation {
        /// Nil before the first event.
        var state: OperationFact.State?
        /// In the charge's currency, never negative; 0 while no event named an amount that can be summed.
        var value: Int64 = 0
        /// When it was first told to have succeeded.
        var succeededAt: Instant?

        var counted: Int64 { state == .succeeded ? value : 0 }

        /// Takes what an event says, and returns by how much that changes what is counted. A pending event never reopens an operation that has ended.
        mutating func take(_ next: OperationFact.State, _ amount: Int64?, at time: Instant) -> Int128 {
            if next == .pending, let state, state != .pending { return 0 }
            let before = Int128(counted)
            state = next
            if let amount { value = amount }
            if next == .succeeded, succeededAt == nil { succeededAt = time }
            return Int128(counted) - before
        }
    }

    private var operations: [Key: Operation] = [:]
    /// Exact: 2^63 operations of the largest amount fit.
    private var totals = InlineArray<5, Int128>(repeating: 0)
    /// The currency of the first amount in order.
    private(set) var currency: String?

    /// The sum over the succeeded operations of a kind, in minor units; stops at the largest 64-bit integer.
    func total(_ kind: OperationFact.Kind) -> Int64 { Int64(clamping: totals[kind.place]) }

    /// What succeeded refunds gave back when a chargeback had taken money back already.
    var refundedAfterChargeback: Int64 {
        guard total(.chargeback) > 0 else { return 0 }
        let first = operations.compactMap { $0.key.kind == .chargeback ? $0.value.succeededAt : nil }.min()
        let late = operations.reduce(Int128(0)) { sum, item in
            guard item.key.kind == .refund, let first, let at = item.value.succeededAt, at > first else { return sum }
            return sum + Int128(item.value.counted)
        }
        return Int64(clamping: late)
    }

    /// Takes what one event says; false when its amount cannot be summed: negative, in another currency, or more than 64 bits hold.
    ///
    /// An operation takes state and amount from its last event. An amount that cannot be summed counts as nothing; an event without an amount leaves the one
    /// before. A pending event never reopens an operation that has ended. Chargebacks have no id: each event is one of its own.
    mutating func take(_ fact: OperationFact?, amount: Money?, eventId: String, at time: Instant) -> Bool {
        var value: Int64?
        var sound = true
        if let amount {
            let currency = self.currency ?? amount.currency
            self.currency = currency
            sound = amount.value >= 0 && amount.currency.hasSameBytes(as: currency)
            value = sound ? amount.value : 0
        }
        guard let fact else { return sound }
        let id = fact.kind == .chargeback ? eventId : fact.id
        let fits = put(fact.state, value, at: time, into: Key(kind: fact.kind, id: id))
        return sound && fits
    }

    /// Takes PPRO's whole word in place of all that was known of authorizations, captures, refunds and voids; chargebacks are not part of it and stay.
    /// False when an amount cannot be summed.
    mutating func replace(with snapshot: ChargeSnapshot, at time: Instant) -> Bool {
        let before = operations
        operations = operations.filter { $0.key.kind == .chargeback }
        for kind in OperationFact.Kind.allCases where kind != .chargeback { totals[kind.place] = 0 }
        currency = snapshot.currency ?? currency
        var sound = true
        for operation in snapshot.operations {
            let key = Key(kind: operation.fact.kind, id: operation.fact.id)
            if operation.amount < 0 { sound = false }
            // What a webhook told earlier is not younger for PPRO's saying it again.
            let at = [before[key]?.succeededAt, operation.at].compactMap { $0 }.min() ?? time
            if !put(operation.fact.state, max(0, operation.amount), at: at, into: key) { sound = false }
        }
        return sound
    }

    /// False when the sum went over what 64 bits hold.
    private mutating func put(_ state: OperationFact.State, _ value: Int64?, at time: Instant, into key: Key) -> Bool {
        let change = operations[key, default: Operation()].take(state, value, at: time)
        totals[key.kind.place] += change
        return change <= 0 || totals[key.kind.place] <= Int64.max
    }
}

extension OperationFact.Kind {
    /// The kind's place among the totals.
    fileprivate var place: Int {
        switch self {
        case .authorization: 0
        case .capture: 1
        case .refund: 2
        case .void: 3
        case .chargeback: 4
        }
    }
}

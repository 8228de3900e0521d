/// The operations of one charge and the sums over those that succeeded. Each operation holds one amount, so a repeated event cannot count twice.
struct OperationLedger {
    /// Operations are told apart by kind and the bytes of their id. Those without an id share one nameless key per kind.
    private struct Key: Hashable {
        var kind: OperationFact.Kind
        var id: [UInt8]?
    }

    private struct Operation {
        var state: OperationFact.State
        /// In the charge's currency, never negative; 0 while no event named an amount that can be summed.
        var value: Int64 = 0
        /// When it was first told to have succeeded.
        var succeededAt: Instant?

        var counted: Int64 { state == .succeeded ? value : 0 }
    }

    private var operations: [Key: Operation] = [:]
    /// Exact: 2^63 operations of the largest amount fit.
    private var totals: [OperationFact.Kind: Int128] = [:]
    /// The currency of the first amount in order.
    private(set) var currency: String?

    /// The sum over the succeeded operations of a kind, in minor units; stops at the largest 64-bit integer.
    func total(_ kind: OperationFact.Kind) -> Int64 { Int64(clamping: totals[kind] ?? 0) }

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
        let fits = put(fact.state, value, at: time, into: Key(kind: fact.kind, id: id.map { Array($0.utf8) }))
        return sound && fits
    }

    /// Takes PPRO's whole word in place of all that was known of authorizations, captures, refunds and voids; chargebacks are not part of it and stay.
    /// False when an amount cannot be summed.
    mutating func replace(with snapshot: ChargeSnapshot, at time: Instant) -> Bool {
        let before = operations
        operations = operations.filter { $0.key.kind == .chargeback }
        totals = totals.filter { $0.key == .chargeback }
        currency = snapshot.currency ?? currency
        var sound = true
        for operation in snapshot.operations {
            let key = Key(kind: operation.fact.kind, id: operation.fact.id.map { Array($0.utf8) })
            if operation.amount < 0 { sound = false }
            // What a webhook told earlier is not younger for PPRO's saying it again.
            let at = [before[key]?.succeededAt, operation.at].compactMap { $0 }.min() ?? time
            if !put(operation.fact.state, max(0, operation.amount), at: at, into: key) { sound = false }
        }
        return sound
    }

    /// False when the sum went over what 64 bits hold.
    private mutating func put(_ state: OperationFact.State, _ value: Int64?, at time: Instant, into key: Key) -> Bool {
        let before = operations[key]
        if state == .pending, let before, before.state != .pending { return true }
        let after = Operation(
            state: state, value: value ?? before?.value ?? 0, succeededAt: state == .succeeded ? before?.succeededAt ?? time : before?.succeededAt)
        operations[key] = after
        let change = Int128(after.counted) - Int128(before?.counted ?? 0)
        let total = totals[key.kind, default: 0] + change
        totals[key.kind] = total
        return change <= 0 || total <= Int64.max
    }
}

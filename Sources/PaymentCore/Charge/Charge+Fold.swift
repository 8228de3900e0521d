extension Charge {
    /// The charge that a set of events tells, and how. The result depends on the set alone: any order, any repetition, same charge.
    ///
    /// - Order: by time, rank of the type, rank of the status, bytes of the id (`FoldOrder`).
    /// - `status`: PPRO's last word that could be reached (`StatusTrack`); AUTHORIZATION_PROCESSING until an event gives one.
    /// - `authorized`, `captured`, `refunded`, `voided`, `chargedBack`: sums over the operations that succeeded (`OperationLedger`).
    /// - `currency`: that of the first amount. `amount`: the first that an event about the payment or its authorization names, unless an answer of PPRO's API
    ///   tells it.
    /// - `refundedAfterChargeback`: refunds that succeeded after the first chargeback. References, `paymentMethod`, `merchantId`, `fundsState`: the last that an event names.
    /// - `failureCode`: from an event that has one, until a later event reports an operation that succeeded.
    /// - An event is an anomaly when its status is unknown or cannot be reached, or its amount cannot be summed. What else it says still counts.
    /// - An answer of PPRO's API (`EventFacts.snapshot`) sets the status without asking whether it could be reached and replaces all operations but
    ///   chargebacks; what was anomalous before it is explained by it. Later events go on from there.
    /// - `anomalies`: how many events are anomalies that no answer of PPRO's has explained since.
    /// - `createdAt`: the time of the first event, or earlier if PPRO says so.
    /// - `updatedAt`: the time of the last event that changed any other field.
    ///
    /// Nil without events.
    package static func fold(id: String, events: [ChargeEvent]) -> Folded<Charge>? {
        let order = FoldOrder(events) { ChargeStatus($0).rank }
        guard let first = order.events.first else { return nil }
        let start = first.facts.time
        var charge = Charge(id: id, status: .authorizationProcessing, createdAt: start, updatedAt: start)
        var track = StatusTrack<ChargeStatus>()
        var ledger = OperationLedger()
        var anomalous: Set<Int64> = []

        for (position, event) in order.events.enumerated() where !order.repeats.contains(position) {
            let before = charge
            let facts = event.facts
            let isSound: Bool
            if let snapshot = facts.snapshot {
                let known = facts.status.map { track.set(ChargeStatus($0)) } ?? true
                isSound = ledger.replace(with: snapshot, at: facts.time) && known
                charge.createdAt = min(charge.createdAt, snapshot.createdAt)
                charge.anomalies = 0
            } else {
                let reached = facts.status.map { track.take(ChargeStatus($0)) } ?? true
                isSound = ledger.take(facts.operation, amount: facts.amount, eventId: event.id, at: facts.time) && reached
            }
            if !isSound {
                anomalous.insert(event.seq)
                charge.anomalies += 1
            }
            charge.status = track.current ?? .authorizationProcessing
            charge.take(ledger)
            charge.take(facts)
            if charge != before { charge.updatedAt = facts.time }
        }
        return Folded(state: charge, anomalous: anomalous, order: order.events.map(\.seq))
    }

    private mutating func take(_ ledger: OperationLedger) {
        currency = ledger.currency
        authorized = ledger.total(.authorization)
        captured = ledger.total(.capture)
        refunded = ledger.total(.refund)
        voided = ledger.total(.void)
        chargedBack = ledger.total(.chargeback)
        refundedAfterChargeback = ledger.refundedAfterChargeback
    }

    private mutating func take(_ facts: EventFacts) {
        if amount == nil || facts.snapshot != nil { amount = facts.paymentAmount(in: currency) ?? amount }
        fundsState = facts.fundsState ?? fundsState
        paymentMethod = facts.paymentMethod ?? paymentMethod
        merchantId = facts.merchantId ?? merchantId
        merchantPaymentChargeReference = facts.merchantReference ?? merchantPaymentChargeReference
        orderReferenceNumber = facts.orderReferenceNumber ?? orderReferenceNumber
        if let code = facts.failureCode {
            failureCode = code
        } else if facts.operation?.state == .succeeded || (facts.snapshot != nil && status.result != .failed && status.result != .canceled) {
            failureCode = nil
        }
    }
}

extension EventFacts {
    /// The amount of the whole payment in minor units of `currency`, if the event names it: operations on it have amounts of their own.
    fileprivate func paymentAmount(in currency: String?) -> Int64? {
        if let snapshot { return snapshot.operations.first { $0.fact.kind == .authorization }.map { max(0, $0.amount) } }
        guard let amount, let currency, amount.value >= 0, amount.currency.hasSameBytes(as: currency), fundsState == nil else { return nil }
        return operation == nil || operation?.kind == .authorization ? amount.value : nil
    }
}

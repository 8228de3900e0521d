extension Agreement {
    /// The agreement that a set of events tells, by the rules of `Charge.fold` with the agreements' own statuses: PPRO publishes no moves between them, so the
    /// newest word wins until a final one (revoked or failed). INITIALIZING until an event gives a status; `failureCode` is the last that an event names.
    ///
    /// Nil without events.
    package static func fold(id: String, events: [ChargeEvent]) -> Folded<Agreement>? {
        let order = FoldOrder(events) { AgreementStatus($0).rank }
        guard let first = order.events.first else { return nil }
        let start = first.facts.time
        var agreement = Agreement(id: id, status: .initializing, createdAt: start, updatedAt: start)
        var track = StatusTrack<AgreementStatus>()
        var anomalous: Set<Int64> = []

        for (position, event) in order.events.enumerated() where !order.repeats.contains(position) {
            let before = agreement
            let facts = event.facts
            if let word = facts.status, !track.take(AgreementStatus(word)) { anomalous.insert(event.seq) }

            agreement.status = track.current ?? .initializing
            agreement.paymentMethod = facts.paymentMethod ?? agreement.paymentMethod
            agreement.merchantId = facts.merchantId ?? agreement.merchantId
            agreement.merchantPaymentAgreementReference = facts.merchantReference ?? agreement.merchantPaymentAgreementReference
            agreement.failureCode = facts.failureCode ?? agreement.failureCode
            agreement.anomalies = anomalous.count
            if agreement != before { agreement.updatedAt = facts.time }
        }
        return Folded(state: agreement, anomalous: anomalous, order: order.events.map(\.seq))
    }
}

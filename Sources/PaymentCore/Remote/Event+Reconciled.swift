extension Event {
    /// Where answers of PPRO's API come from. No webhook may claim a source that begins with `EventIdentity.ownSources`.
    package static let reconcileSource = "terima:reconcile"
    package static let reconcileType = "TERIMA_CHARGE_RECONCILED"

    /// PPRO's answer about a charge as an event of its own, which takes its place in the fold at the answer's `updatedAt`.
    ///
    /// The id is made of the charge's id, `updatedAt` and a hash of the answer: the same answer again is a repeat of the same event, another one is news. So is
    /// the same one found under a reference that it does not name; the envelope names it then.
    package static func reconciled(_ charge: RemoteCharge, receivedAt: Instant) -> Event {
        let hash = Hex.encode(Digest.sha256(charge.json + (charge.foundUnder.map { [0x0A] + Array($0.utf8) } ?? []))).prefix(16)
        let identity = EventIdentity(source: reconcileSource, id: "\(charge.id):\(charge.updatedAt.milliseconds):\(hash)")
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("specversion", "1.0")
            writer.member("source", identity.source)
            writer.member("id", identity.id)
            writer.member("type", reconcileType)
            writer.member("subject", charge.id)
            writer.member("time", charge.updatedAt.iso8601)
            writer.member("datacontenttype", "application/json")
            if let reference = charge.foundUnder { writer.member("foundunder", reference) }
            writer.key("data")
            if charge.json.isEmpty { writer.null() } else { writer.raw(charge.json) }
        }
        return Event(
            identity: identity, body: writer.bytes, bodyHash: Digest.sha256(writer.bytes), receivedAt: receivedAt,
            content: .readable(EventFacts(charge, observedAt: receivedAt)))
    }
}

extension EventFacts {
    /// What PPRO's whole word says of the charge.
    init(_ charge: RemoteCharge, observedAt: Instant) {
        self.init(type: Event.reconcileType, subject: charge.id, time: charge.updatedAt, kind: .charge)
        status = charge.status.word
        failureCode = charge.failureCode
        paymentMethod = charge.paymentMethod
        merchantId = charge.merchantId
        merchantReference = charge.merchantPaymentChargeReference
        orderReferenceNumber = charge.orderReferenceNumber
        snapshot = ChargeSnapshot(charge, observedAt: observedAt)
    }
}

import PaymentCore

/// What two parties can agree or differ about: the side of a charge that terima and PPRO both tell.
struct ChargeView: Sendable, Equatable {
    var status: ChargeStatus
    var currency: String?
    /// Sums over the operations that succeeded, in minor units.
    var authorized: Int64
    var captured: Int64
    var refunded: Int64
    var voided: Int64
    var paymentMethod: String?
    var reference: String?
    var failureCode: String?

    /// As PPRO's API tells it, summed up by the same rules as our own events.
    init(_ remote: RemoteCharge) {
        status = remote.status
        (authorized, captured, refunded, voided) = (0, 0, 0, 0)
        if case .readable(let facts) = Event.reconciled(remote, receivedAt: remote.updatedAt).content,
            let charge = Charge.fold(id: remote.id, events: [ChargeEvent(seq: 1, id: "", facts: facts)])?.state
        {
            (authorized, captured, refunded, voided) = (charge.authorized, charge.captured, charge.refunded, charge.voided)
        }
        currency = remote.currency
        paymentMethod = remote.paymentMethod
        reference = remote.merchantPaymentChargeReference
        failureCode = remote.failureCode
    }

    /// As terima tells it: a row of `charges`.
    init(_ row: Row) {
        func text(_ name: String) -> String? { row.json[name]?.string }
        status = ChargeStatus(text("status") ?? "")
        currency = text("currency")
        (authorized, captured) = (row.integer("authorized") ?? 0, row.integer("captured") ?? 0)
        (refunded, voided) = (row.integer("refunded") ?? 0, row.integer("voided") ?? 0)
        paymentMethod = text("paymentMethod")
        reference = text("merchantPaymentChargeReference")
        failureCode = text("failureCode")
    }

    /// Writes its members into an open object, by the names of the operator API.
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("status", status.word)
        writer.member("currency", currency)
        writer.member("authorized", authorized)
        writer.member("captured", captured)
        writer.member("refunded", refunded)
        writer.member("voided", voided)
        writer.member("paymentMethod", paymentMethod)
        writer.member("merchantPaymentChargeReference", reference)
        writer.member("failureCode", failureCode)
    }
}

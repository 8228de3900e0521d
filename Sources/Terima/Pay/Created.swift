import PPRO
import PaymentCore

/// A payment that was just created, and how the consumer gets to it.
struct Created: Sendable {
    var charge: RemoteCharge
    var order: ChargeOrder
    /// Under which PPRO was asked to make it.
    var key: IdempotencyKey
    /// When PPRO was asked to make it.
    var start: Instant

    /// For people: what was made, the link, and the link as a QR code.
    func lines(isColored: Bool) -> [String] {
        var lines = Details.lines([
            ("charge", charge.id), ("amount", Currency.format(order.amount)), ("method", order.paymentMethod),
            ("reference", order.merchantPaymentChargeReference ?? "-"), ("order", order.orderReferenceNumber ?? "-"), ("status", charge.status.word),
            ("failure", ChargeView(charge).failureCode ?? "-"),
        ])
        guard let link = charge.authenticationLink else { return lines }
        guard link.method == "GET" else { return lines + ["", "Pay with a \(Table.printable(link.method)) to:  \(Table.printable(link.url))"] }
        lines += ["", "Pay here:  \(Table.printable(link.url))"]
        if let code = QRCode(link.url) { lines += [""] + code.lines(isColored: isColored) }
        return lines
    }

    /// For programs: the first step.
    var json: String {
        let step = Step(
            kind: .created, at: WallClock.now(), who: "PPRO", text: "",
            facts: [
                .text("status", charge.status.word), .text("result", charge.status.result.rawValue), .text("paymentMethod", order.paymentMethod),
                .number("amount", order.amount.value), .text("currency", order.amount.currency),
                .text("merchantPaymentChargeReference", order.merchantPaymentChargeReference), .text("idempotencyKey", key.text),
                .text("link", charge.authenticationLink?.url), .text("linkMethod", charge.authenticationLink?.method),
            ])
        return String(decoding: step.json(charge: charge.id, since: start), as: UTF8.self)
    }
}

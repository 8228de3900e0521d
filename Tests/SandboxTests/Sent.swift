import PaymentCore

@testable import Sandbox

/// Notifications as terima makes them.
enum Sent {
    static let now = Instant(milliseconds: 1_780_485_830_000)
    static let secret = EndpointSecret.generate()

    static func charge(_ status: String, version: Int, previous: String?, id: String = "ntf_1", change: (inout Charge) -> Void = { _ in }) -> Notification {
        let time = Instant(milliseconds: 1_780_485_827_123)
        var charge = Charge(id: "charge_1", status: ChargeStatus(status), createdAt: time, updatedAt: time)
        charge.currency = "IDR"
        charge.paymentMethod = "JENIUS_PAY"
        charge.orderReferenceNumber = "DEMO-1"
        charge.authorized = 1_000_000
        if status == "CAPTURED" { charge.captured = 1_000_000 }
        change(&charge)
        let cause = Notification.Cause(source: "https://www.ppro.com", id: "e", type: "T", time: time)
        return .chargeChanged(id: id, charge: charge, version: version, previous: previous.map { ChargeStatus($0) }, cause: cause)
    }

    static func request(_ notification: Notification, signedWith secret: EndpointSecret = secret, at time: Instant = now) -> Shop.Request {
        let headers = StandardWebhooks.headers(id: notification.id, at: time, body: notification.body, secrets: [secret])
        func values(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
        return Shop.Request(
            ids: values("webhook-id"), timestamps: values("webhook-timestamp"), signatures: values("webhook-signature"), body: notification.body)
    }
}

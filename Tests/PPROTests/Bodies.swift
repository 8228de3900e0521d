import PaymentCore

@testable import PPRO

/// What PPRO answers, and what the shop orders.
enum Bodies {
    static func charge(_ id: String = "charge_1", status: String = "AUTHENTICATION_PENDING", createdAt: String = "2026-06-03T11:23:47.123Z") -> String {
        #"{"id":"\#(id)","paymentMethod":"JENIUS_PAY","currency":"IDR","status":"\#(status)","authenticationMethods":[{"type":"REDIRECT","details":"#
            + #"{"requestUrl":"https://wallet.test/pay?t=1","requestMethod":"GET"}}],"authorizations":[{"id":"authz_1","amount":9007199254740993,"#
            + #""status":"AUTHENTICATION_PENDING"}],"captures":[],"createdAt":"\#(createdAt)","updatedAt":"2026-06-03T11:23:48.123Z","#
            + #""_links":{"self":{"href":"/v1/payment-charges/\#(id)"}},"fromTheFuture":{"a":[1.50,null]}}"#
    }

    static func error(_ status: Int, _ message: String) -> String {
        #"{"status":\#(status),"failureMessage":"\#(message)","timestamp":"2026-06-03T11:23:47.123Z"}"#
    }

    /// An order for Jenius Pay that breaks no rule.
    static var order: ChargeOrder {
        var order = ChargeOrder(paymentMethod: "JENIUS_PAY", amount: Money(value: 1_000_000, currency: "IDR"))
        order.consumer = .init(name: "Siti Rahayu", email: "siti@example.id", phone: "+6281234567890", country: "ID")
        order.shippingAddress = .init(street: "Jalan Melati 7", postalCode: "12950", city: "Jakarta", country: "ID")
        order.items = [.init(name: "Kopi", quantity: 2, amount: 500_000)]
        order.authentications = [.redirect(returnUrl: "https://shop.test/return?o=1")]
        order.merchantPaymentChargeReference = "attempt-1"
        order.orderReferenceNumber = "order-1"
        return order
    }

    static let orderJSON =
        #"{"paymentMethod":"JENIUS_PAY","paymentMedium":"ECOMMERCE","merchantPaymentChargeReference":"attempt-1","#
        + #""amount":{"value":1000000,"currency":"IDR"},"#
        + #""consumer":{"name":"Siti Rahayu","email":"siti@example.id","phone":"+6281234567890","country":"ID"},"#
        + #""order":{"orderReferenceNumber":"order-1","orderItems":[{"name":"Kopi","quantity":2,"amount":500000}],"#
        + #""shippingAddress":{"street":"Jalan Melati 7","postalCode":"12950","city":"Jakarta","country":"ID"}},"#
        + #""authenticationSettings":[{"type":"REDIRECT","settings":{"returnUrl":"https://shop.test/return?o=1"}}]}"#
}

/// Bodies of `POST /v1/payment-charges`.
enum Orders {
    static let returnUrl = "https://shop.test/return?order=1"

    /// A Jenius Pay order that breaks no rule.
    static func jeniusPay(amount: Int64 = 1_000_000, currency: String = "IDR", country: String = "ID", more: String = "") -> String {
        """
        {"paymentMethod":"JENIUS_PAY","merchantPaymentChargeReference":"attempt-1","amount":{"value":\(amount),"currency":"\(currency)"},\
        "consumer":{"name":"Siti Rahayu","email":"siti@example.id","phone":"+6281234567890","country":"\(country)"},\
        "order":{"orderReferenceNumber":"order-1","orderItems":[{"name":"Kopi","quantity":2,"amount":500000}],\
        "shippingAddress":{"street":"Jalan Melati 7","postalCode":"12950","city":"Jakarta","country":"ID"}},\
        "authenticationSettings":[{"type":"REDIRECT","settings":{"returnUrl":"\(returnUrl)"}}]\(more)}
        """
    }

    static func mock(_ descriptor: String = "", amount: Int64 = 1_000, more: String = "") -> String {
        """
        {"paymentMethod":"MOCK","paymentDescriptor":"\(descriptor.isEmpty ? "Toko" : descriptor)","amount":{"value":\(amount),"currency":"EUR"},\
        "authenticationSettings":[{"type":"REDIRECT","settings":{"returnUrl":"\(returnUrl)"}}]\(more)}
        """
    }
}

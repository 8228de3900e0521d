/// What a payment method can and cannot do, for checks before a request and for noticing what should not happen.
///
/// The table knows few methods by name; every other one, and a charge that names none, gets `standard`.
package struct PaymentMethodRules: Sendable, Equatable {
    /// PPRO's word; nil for the rules of every method that is not in the table.
    package var method: String?
    /// How long the consumer has to authenticate before PPRO discards the charge, in milliseconds.
    package var authenticationTimeoutMilliseconds: Int64
    package var allowsRefunds: Bool
    /// Whether an authorization may be captured in a step of its own.
    package var allowsSeparateCaptures: Bool
    package var allowsRecurring: Bool
    /// Whether the consumer can have the money taken back by a chargeback.
    package var allowsDisputes: Bool
    /// The only ISO 4217 currency; nil when there is no such limit or we do not know it.
    package var currency: String?
    /// The only country of the consumer (ISO 3166-1 alpha-2); nil as above.
    package var country: String?
    /// Minor units of `currency`; nil as above.
    package var minimumAmount: Int64?
    /// Minor units of `currency`; nothing above can be paid by anybody.
    package var maximumAmount: Int64?
    /// Minor units of `currency`; above it only consumers can pay whose identity has been verified (KYC). Only PPRO knows who has.
    package var maximumAmountWithoutKYC: Int64?
    /// The only way to authenticate, in PPRO's word; nil as above.
    package var authentication: String?
    /// Fields of a new charge that PPRO asks for beyond those it always does, by their JSON path (`[]` stands for every element of at least one).
    package var requiredFields: [String]

    /// For a method that is not in the table. Nothing here is PPRO's fact: it publishes limits method by method. The timeout is our choice, long enough not
    /// to raise an alarm over a method with a slow authentication; what a method cannot do is only said of methods that we know.
    package static let standard = PaymentMethodRules(
        method: nil, authenticationTimeoutMilliseconds: 24 * 3_600_000, allowsRefunds: true, allowsSeparateCaptures: true, allowsRecurring: true,
        allowsDisputes: true, currency: nil, country: nil, minimumAmount: nil, maximumAmount: nil, maximumAmountWithoutKYC: nil, authentication: nil,
        requiredFields: [])

    /// Bank BTPN's wallet, Indonesia. Everything here is PPRO's fact, from its page on Jenius Pay.
    package static let jeniusPay = PaymentMethodRules(
        method: "JENIUS_PAY", authenticationTimeoutMilliseconds: 6 * 3_600_000, allowsRefunds: false, allowsSeparateCaptures: false, allowsRecurring: false,
        allowsDisputes: false, currency: "IDR", country: "ID", minimumAmount: 1_000_000, maximumAmount: 1_000_000_000, maximumAmountWithoutKYC: 200_000_000,
        authentication: "REDIRECT",
        requiredFields: [
            "consumer.name", "consumer.country", "consumer.email", "consumer.phone", "order.shippingAddress.street", "order.shippingAddress.postalCode",
            "order.shippingAddress.city", "order.shippingAddress.country", "order.orderItems[].name",
        ])

    /// Every method that has rules of its own.
    package static let table: [PaymentMethodRules] = [jeniusPay]

    /// The rules of a method as PPRO spells it, compared as bytes; `standard` for any other and for nil.
    package static func of(_ method: String?) -> PaymentMethodRules {
        guard let method else { return standard }
        return table.first { $0.method?.hasSameBytes(as: method) == true } ?? standard
    }

    /// How long a charge may be pending before that is a reason to ask PPRO: as long as the consumer has to authenticate.
    package static func pendingLimitMilliseconds(method: String?) -> Int64 { of(method).authenticationTimeoutMilliseconds }

    /// False when a refund is something that cannot happen, whoever says it did.
    package static func allowsRefund(method: String?) -> Bool { of(method).allowsRefunds }

    /// False when a capture in a step of its own cannot happen (an automatic one with the authorization still can).
    package static func allowsCapture(method: String?) -> Bool { of(method).allowsSeparateCaptures }

    /// False when a void cannot happen. PPRO does not say so of any method: it follows, because only what awaits a separate capture can be voided.
    package static func allowsVoid(method: String?) -> Bool { of(method).allowsSeparateCaptures }
}

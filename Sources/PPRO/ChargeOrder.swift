package import PaymentCore

/// What it takes to create a payment charge. Absent fields are left out of the request; PPRO decides by method which of them it needs.
package struct ChargeOrder: Sendable, Equatable {
    /// PPRO's word, e.g. `JENIUS_PAY`.
    package var paymentMethod: String
    package var amount: Money
    /// `ECOMMERCE`, `MOTO` or `POS`.
    package var paymentMedium = "ECOMMERCE"
    /// May be shown to the consumer; steers the outcome of the sandbox's method `MOCK`.
    package var paymentDescriptor: String?
    /// The shop's name for this one attempt to pay.
    package var merchantPaymentChargeReference: String?
    package var consumer = Consumer()
    /// The shop's name for the order, the same over all attempts to pay it.
    package var orderReferenceNumber: String?
    package var shippingAddress: Address?
    package var items: [Item] = []
    package var authentications: [Authentication] = []
    /// Whether PPRO captures by itself what has been authorized; nil leaves it to PPRO.
    package var autoCapture: Bool?
    /// Where PPRO sends this charge's webhooks; nil for the account's own.
    package var webhooksUrl: String?

    package init(paymentMethod: String, amount: Money) {
        self.paymentMethod = paymentMethod
        self.amount = amount
    }

    package struct Consumer: Sendable, Equatable {
        package var name: String?
        package var email: String?
        package var phone: String?
        /// ISO 3166-1 alpha-2.
        package var country: String?
        /// Language and country, e.g. `id-ID`.
        package var locale: String?
        package var merchantConsumerReference: String?

        package init(name: String? = nil, email: String? = nil, phone: String? = nil, country: String? = nil, locale: String? = nil) {
            self.name = name
            self.email = email
            self.phone = phone
            self.country = country
            self.locale = locale
        }
    }

    package struct Address: Sendable, Equatable {
        package var street: String?
        package var postalCode: String?
        package var city: String?
        /// ISO 3166-1 alpha-2.
        package var country: String?

        package init(street: String? = nil, postalCode: String? = nil, city: String? = nil, country: String? = nil) {
            self.street = street
            self.postalCode = postalCode
            self.city = city
            self.country = country
        }
    }

    package struct Item: Sendable, Equatable {
        package var name: String
        package var quantity: Int32
        /// Minor units of the order's currency.
        package var amount: Int64

        package init(name: String, quantity: Int32, amount: Int64) {
            self.name = name
            self.quantity = quantity
            self.amount = amount
        }
    }

    /// A way to authenticate that the shop is ready for.
    package struct Authentication: Sendable, Equatable {
        /// PPRO's word, e.g. `REDIRECT`.
        package var type: String
        /// Where the consumer comes back to, if this way leads anywhere.
        package var returnUrl: String?

        package init(type: String, returnUrl: String? = nil) {
            self.type = type
            self.returnUrl = returnUrl
        }

        /// The consumer is sent to PPRO and comes back to `returnUrl`.
        package static func redirect(returnUrl: String) -> Authentication { Authentication(type: "REDIRECT", returnUrl: returnUrl) }
    }
}

/// An order holds personal data: printed, it shows what is ordered and not by whom.
extension ChargeOrder: CustomStringConvertible, CustomReflectable {
    package var description: String { "\(paymentMethod) \(Currency.format(amount))" }
    package var customMirror: Mirror { Mirror(self, children: ["paymentMethod": paymentMethod, "amount": amount]) }
}

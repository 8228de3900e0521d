internal import PaymentCore

extension ChargeOrder {
    /// PPRO's data standard: no string is longer.
    static let maximumCharacters = 512
    /// Ours: more would only make the request refused for its size.
    static let maximumItems = 500

    /// What PPRO would refuse, found without asking it: its rules for every charge, and those of the method as far as we know them. Each fault names the
    /// field and the limit, and no personal data. Empty when there is none.
    package var faults: [String] {
        var faults = shapeFaults
        let rules = PaymentMethodRules.of(paymentMethod)
        faults += amountFaults(rules) + placeFaults(rules) + requiredFaults(rules)
        if let needed = rules.authentication {
            let settings = authentications.filter { $0.type == needed }
            if settings.isEmpty || settings.count != authentications.count {
                faults.append("authenticationSettings[].type: \(paymentMethod) takes \(needed) and nothing else")
            }
        }
        return faults
    }

    /// What may go wrong, although PPRO takes the order.
    package var warnings: [String] {
        let rules = PaymentMethodRules.of(paymentMethod)
        guard let limit = rules.maximumAmountWithoutKYC, amount.currency == rules.currency, amount.value > limit else { return [] }
        return ["amount.value is \(shown(amount.value)): \(paymentMethod) takes more than \(shown(limit)) from consumers with verified identity (KYC) only"]
    }

    /// Every text of the order with the path of its field.
    var texts: [(field: String, text: String?)] {
        var texts: [(field: String, text: String?)] = [
            ("paymentMethod", paymentMethod), ("paymentMedium", paymentMedium), ("paymentDescriptor", paymentDescriptor),
            ("merchantPaymentChargeReference", merchantPaymentChargeReference), ("amount.currency", amount.currency),
            ("order.orderReferenceNumber", orderReferenceNumber), ("webhooksUrl", webhooksUrl), ("consumer.country", consumer.country),
            ("consumer.locale", consumer.locale), ("order.shippingAddress.country", shippingAddress?.country),
        ]
        texts += authentications.map { ("authenticationSettings[].type", $0.type) }
        return texts + personalTexts
    }

    /// The texts that tell one consumer from another; the return page's address often holds a token.
    var personalTexts: [(field: String, text: String?)] {
        var texts: [(field: String, text: String?)] = [
            ("consumer.name", consumer.name), ("consumer.email", consumer.email), ("consumer.phone", consumer.phone),
            ("consumer.merchantConsumerReference", consumer.merchantConsumerReference),
            ("order.shippingAddress.street", shippingAddress?.street), ("order.shippingAddress.postalCode", shippingAddress?.postalCode),
            ("order.shippingAddress.city", shippingAddress?.city),
        ]
        texts += items.map { ("order.orderItems[].name", $0.name) }
        return texts + authentications.map { ("authenticationSettings[].settings.returnUrl", $0.returnUrl) }
    }

    private var shapeFaults: [String] {
        var faults: [String] = []
        if paymentMethod.isEmpty || !paymentMethod.utf8.allSatisfy({ Self.isUpperOrDigit($0) || $0 == UInt8(ascii: "_") }) {
            faults.append("paymentMethod: upper-case letters, digits and _ only")
        }
        if amount.currency.utf8.count != 3 || !amount.currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) {
            faults.append("amount.currency: three upper-case letters (ISO 4217)")
        }
        if amount.value < 1 { faults.append("amount.value: at least 1") }
        for (field, text) in texts where (text?.unicodeScalars.count ?? 0) > Self.maximumCharacters {
            faults.append("\(field): at most \(Self.maximumCharacters) characters")
        }
        if items.count > Self.maximumItems { faults.append("order.orderItems: at most \(Self.maximumItems)") }
        for item in items.prefix(Self.maximumItems) {
            if item.name.isEmpty { faults.append("order.orderItems[].name: not empty") }
            if item.quantity < 1 { faults.append("order.orderItems[].quantity: at least 1") }
            if item.amount < 0 { faults.append("order.orderItems[].amount: not negative") }
        }
        for authentication in authentications where authentication.type == "REDIRECT" && !Self.isWebAddress(authentication.returnUrl ?? "") {
            faults.append("authenticationSettings[].settings.returnUrl: REDIRECT needs a URL with http or https")
        }
        return faults
    }

    private func amountFaults(_ rules: PaymentMethodRules) -> [String] {
        if let currency = rules.currency, !amount.currency.utf8.elementsEqual(currency.utf8) {
            return ["amount.currency: \(paymentMethod) takes \(currency) only"]
        }
        if let minimum = rules.minimumAmount, amount.value < minimum {
            return ["amount.value is \(shown(amount.value)): \(paymentMethod) takes at least \(shown(minimum))"]
        }
        if let maximum = rules.maximumAmount, amount.value > maximum {
            return ["amount.value is \(shown(amount.value)): \(paymentMethod) takes at most \(shown(maximum))"]
        }
        return []
    }

    /// Where the consumer is counts; where the goods go is only asked for.
    private func placeFaults(_ rules: PaymentMethodRules) -> [String] {
        guard let country = rules.country, let given = consumer.country, !given.isEmpty, !given.utf8.elementsEqual(country.utf8) else { return [] }
        return ["consumer.country: \(paymentMethod) takes \(country) only"]
    }

    private func requiredFaults(_ rules: PaymentMethodRules) -> [String] {
        let given = texts
        return rules.requiredFields.compactMap { required in
            let isThere = given.contains { $0.field == required && $0.text?.isEmpty == false }
            return isThere ? nil : "\(required): \(paymentMethod) needs it"
        }
    }

    /// `IDR 10,000.00 (1000000)`: for people, and as PPRO counts.
    private func shown(_ value: Int64) -> String {
        "\(Currency.format(Money(value: value, currency: amount.currency))) (\(value))"
    }

    private static func isUpperOrDigit(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) }

    private static func isWebAddress(_ text: String) -> Bool {
        let scheme = text.utf8.starts(with: "https://".utf8) ? 8 : text.utf8.starts(with: "http://".utf8) ? 7 : nil
        guard let scheme, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), let first = text.utf8.dropFirst(scheme).first else { return false }
        return first != UInt8(ascii: "/")
    }
}

internal import PaymentCore

/// A `POST /v1/payment-charges` that was found right.
struct ChargeRequest: Sendable {
    static let mock = "MOCK"
    static let methods = ["JENIUS_PAY", mock]

    var method: String
    var amount: Money
    var medium: String
    var initiator: String
    var scheduleType: String?
    var descriptor: String?
    var reference: String?
    var orderReference: String?
    var country: String?
    var webhooksUrl: String?
    var returnUrl: String?
    /// JSON as it came.
    var consumer: [UInt8]?
    var order: [UInt8]?
    var authenticationSettings: [UInt8]?
    var course: ChargeCourse
    /// All of it, as it came.
    let body: [UInt8]

    /// - Parameter isKYC: Whether consumers have proven who they are: then the higher maximum counts.
    /// - Throws: 400 for a field that is missing or wrong, 422 for what the method does not do.
    init(body: [UInt8], isKYC: Bool) throws(Refusal) {
        self.body = body
        let fields = try RequestFields(body: body)
        let method = try fields.requiredText("paymentMethod")
        self.method = method
        guard Self.methods.contains(where: { $0.utf8.elementsEqual(method.utf8) }) else {
            throw .field("paymentMethod must be one of \(Self.methods.joined(separator: ", ")): this sandbox knows no other")
        }
        let rules = PaymentMethodRules.of(method)
        amount = try Self.amount(try fields.requiredObject("amount"))
        medium = try fields.word("paymentMedium", of: ["ECOMMERCE", "MOTO", "POS"])
        initiator = try fields.word("initiator", of: ["CONSUMER", "MERCHANT"])
        scheduleType = try fields.text("scheduleType")
        descriptor = try fields.text("paymentDescriptor")
        reference = try fields.text("merchantPaymentChargeReference")
        webhooksUrl = try Self.address(fields, "webhooksUrl")
        let autoCapture = try fields.bool("autoCapture") ?? true
        if !rules.allowsRecurring { try Self.refuseRecurring(fields, method, initiator) }
        if !rules.allowsSeparateCaptures && !autoCapture { throw .notAllowed("\(method) has no separate captures: autoCapture cannot be false") }

        for path in rules.requiredFields { try fields.requireText(at: path) }
        let consumer = try fields.object("consumer")
        country = try consumer?.text("country")
        self.consumer = consumer.map { Array($0.value.bytes) }
        let order = try fields.object("order")
        orderReference = try order?.text("orderReferenceNumber")
        try Self.checkItems(order, areRequired: !rules.requiredFields.isEmpty)
        self.order = order.map { Array($0.value.bytes) }

        course = method == Self.mock ? try ChargeCourse(mock: descriptor) : .jeniusPay
        if !autoCapture { course.requiresCapture = true }
        returnUrl = try Self.returnUrl(fields, isNeeded: course.authentication == .redirect)
        authenticationSettings = fields.value["authenticationSettings"].flatMap { $0.isNull ? nil : Array($0.bytes) }
        try check(rules, isKYC: isKYC)
    }

    private static func amount(_ fields: RequestFields) throws(Refusal) -> Money {
        let currency = try fields.requiredText("currency")
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw .field("amount.currency must be three capital letters, like IDR")
        }
        return Money(value: try fields.requiredInteger("value", atLeast: 1), currency: currency)
    }

    private static func address(_ fields: RequestFields, _ name: String) throws(Refusal) -> String? {
        guard let text = try fields.text(name) else { return nil }
        if let problem = WebAddress.problem(with: text) { throw .field("\(name) \(problem)") }
        return text
    }

    /// A payment that nobody is there to confirm.
    private static func refuseRecurring(_ fields: RequestFields, _ method: String, _ initiator: String) throws(Refusal) {
        let schedule = try fields.text("scheduleType") ?? "UNSCHEDULED"
        guard initiator == "CONSUMER", schedule == "UNSCHEDULED", !fields.isThere("instrumentId") else {
            throw .notAllowed("\(method) has no recurring payments: the consumer confirms each one")
        }
    }

    private static func checkItems(_ order: RequestFields?, areRequired: Bool) throws(Refusal) {
        for item in try order?.objects("orderItems") ?? [] {
            if areRequired {
                _ = try item.requiredInteger("quantity", atLeast: 1)
                _ = try item.requiredInteger("amount", atLeast: 0)
            } else {
                _ = try item.integer("quantity", atLeast: 1)
                _ = try item.integer("amount", atLeast: 0)
            }
        }
    }

    /// Where the consumer comes back to: the first REDIRECT among `authenticationSettings`.
    private static func returnUrl(_ fields: RequestFields, isNeeded: Bool) throws(Refusal) -> String? {
        for setting in try fields.objects("authenticationSettings") where try setting.requiredText("type") == "REDIRECT" {
            let url = try setting.requiredObject("settings").requiredText("returnUrl")
            if let problem = WebAddress.problem(with: url) { throw .field("authenticationSettings: settings.returnUrl \(problem)") }
            return url
        }
        if isNeeded { throw .field("authenticationSettings must have an element of type REDIRECT with settings.returnUrl") }
        return nil
    }

    private func check(_ rules: PaymentMethodRules, isKYC: Bool) throws(Refusal) {
        if let currency = rules.currency, currency != amount.currency { throw .field("amount.currency must be \(currency) for \(method)") }
        if let only = rules.country, only != country { throw .field("consumer.country must be \(only) for \(method)") }
        let most = isKYC ? rules.maximumAmount : rules.maximumAmountWithoutKYC ?? rules.maximumAmount
        guard let least = rules.minimumAmount, let most else { return }
        guard (least...max(least, most)).contains(amount.value) else {
            let (low, high) = (Money(value: least, currency: amount.currency), Money(value: most, currency: amount.currency))
            throw .field("amount.value must be from \(least) to \(most) for \(method): \(Currency.format(low)) to \(Currency.format(high))")
        }
    }
}

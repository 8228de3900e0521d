import PaymentCore
import Testing

@testable import PPRO

@Suite struct ChargeOrderTests {
    @Test func isWrittenByteForByte() {
        #expect(String(decoding: Bodies.order.json, as: UTF8.self) == Bodies.orderJSON)
    }

    @Test func whatIsAbsentIsLeftOut() {
        let order = ChargeOrder(paymentMethod: "MOCK", amount: Money(value: 100, currency: "JPY"))
        let expected = #"{"paymentMethod":"MOCK","paymentMedium":"ECOMMERCE","amount":{"value":100,"currency":"JPY"},"consumer":{}}"#
        #expect(String(decoding: order.json, as: UTF8.self) == expected)
        #expect(order.faults.isEmpty)
    }

    @Test func everyFieldIsWritten() {
        var order = ChargeOrder(paymentMethod: "MOCK", amount: Money(value: .max, currency: "EUR"))
        order.paymentMedium = "MOTO"
        order.paymentDescriptor = #"requiresCapture=true;"quoted""#
        order.consumer.locale = "id-ID"
        order.consumer.merchantConsumerReference = "c-1"
        order.authentications = [.init(type: "SCAN_CODE")]
        order.autoCapture = false
        order.webhooksUrl = "https://shop.test/hook"
        let expected =
            #"{"paymentMethod":"MOCK","paymentMedium":"MOTO","paymentDescriptor":"requiresCapture=true;\"quoted\"","#
            + #""amount":{"value":9223372036854775807,"currency":"EUR"},"consumer":{"locale":"id-ID","merchantConsumerReference":"c-1"},"#
            + #""authenticationSettings":[{"type":"SCAN_CODE"}],"autoCapture":false,"webhooksUrl":"https://shop.test/hook"}"#
        #expect(String(decoding: order.json, as: UTF8.self) == expected)
        #expect(order.faults.isEmpty)
    }

    @Test func aCompleteOrderHasNoFaults() {
        #expect(Bodies.order.faults == [])
        #expect(Bodies.order.warnings == [])
    }

    @Test(arguments: [1_000_000, 200_000_000, 200_000_001, 1_000_000_000]) func amountsWithinTheLimits(_ value: Int64) {
        var order = Bodies.order
        order.amount.value = value
        #expect(order.faults == [])
        #expect(order.warnings.isEmpty == (value <= 200_000_000))
    }

    @Test func amountsOutsideTheLimitsNameFieldAndLimit() {
        var order = Bodies.order
        order.amount.value = 999_999
        #expect(order.faults == ["amount.value is IDR 9,999.99 (999999): JENIUS_PAY takes at least IDR 10,000.00 (1000000)"])
        order.amount.value = 1_000_000_001
        #expect(order.faults == ["amount.value is IDR 10,000,000.01 (1000000001): JENIUS_PAY takes at most IDR 10,000,000.00 (1000000000)"])
        order.amount.value = 200_000_001
        #expect(
            order.warnings == [
                "amount.value is IDR 2,000,000.01 (200000001): JENIUS_PAY takes more than IDR 2,000,000.00 (200000000) "
                    + "from consumers with verified identity (KYC) only"
            ])
    }

    private static let faults: [(field: String, spoil: @Sendable (inout ChargeOrder) -> Void)] = [
        ("amount.currency", { $0.amount.currency = "EUR" }), ("amount.value", { $0.amount.value = .min }),
        ("consumer.country", { $0.consumer.country = "SG" }), ("consumer.country", { $0.consumer.country = nil }),
        ("consumer.name", { $0.consumer.name = nil }), ("consumer.email", { $0.consumer.email = "" }), ("consumer.phone", { $0.consumer.phone = nil }),
        ("order.shippingAddress.street", { $0.shippingAddress?.street = nil }), ("order.shippingAddress.postalCode", { $0.shippingAddress?.postalCode = nil }),
        ("order.shippingAddress.city", { $0.shippingAddress?.city = nil }), ("order.shippingAddress.country", { $0.shippingAddress?.country = nil }),
        ("order.orderItems[].name", { $0.items = [] }), ("order.orderItems[].name", { $0.items[0].name = "" }),
        ("order.orderItems[].quantity", { $0.items[0].quantity = 0 }), ("order.orderItems[].amount", { $0.items[0].amount = -1 }),
        ("authenticationSettings[].type", { $0.authentications = [] }),
        ("authenticationSettings[].type", { $0.authentications.append(.init(type: "SCAN_CODE")) }),
        ("authenticationSettings[].settings.returnUrl", { $0.authentications = [.init(type: "REDIRECT")] }),
        ("authenticationSettings[].settings.returnUrl", { $0.authentications = [.redirect(returnUrl: "javascript:alert(1)")] }),
        ("authenticationSettings[].settings.returnUrl", { $0.authentications = [.redirect(returnUrl: "https:///return")] }),
        ("paymentMethod", { $0.paymentMethod = "jenius pay" }), ("paymentMethod", { $0.paymentMethod = "" }),
        ("consumer.name", { $0.consumer.name = String(repeating: "x", count: 513) }),
        ("order.orderItems", { $0.items = Array(repeating: $0.items[0], count: 501) }),
    ]

    @Test(arguments: faults)
    func everyFaultNamesItsField(_ field: String, _ spoil: @Sendable (inout ChargeOrder) -> Void) {
        var order = Bodies.order
        spoil(&order)
        #expect(order.faults.contains { $0.hasPrefix(field + ":") || $0.hasPrefix(field + " is ") }, "\(order.faults)")
    }

    @Test func aFaultHoldsNoPersonalData() {
        var order = Bodies.order
        order.consumer.country = "XX"
        order.consumer.name = "Siti" + String(repeating: "x", count: 600)
        order.shippingAddress = nil
        let text = order.faults.joined() + "\(order)" + String(reflecting: order)
        for secret in ["Siti", "siti@", "62812", "XX", "shop.test"] { #expect(!text.contains(secret)) }
        var dumped = ""
        dump(order, to: &dumped)
        #expect(!dumped.contains("siti@"))
    }

    @Test func theLimitsOfOneMethodBindNoOther() {
        var order = Bodies.order
        order.paymentMethod = "MOCK"
        order.amount = Money(value: 1, currency: "EUR")
        order.consumer = .init()
        order.authentications = []
        #expect(order.faults == [])
    }
}

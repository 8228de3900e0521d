import PaymentCore
import Testing

@Suite struct PaymentMethodRulesTests {
    @Test func jeniusPayIsAsPPROPublishesIt() {
        let rules = PaymentMethodRules.of("JENIUS_PAY")
        #expect(rules == .jeniusPay)
        #expect(rules.currency == "IDR")
        #expect(rules.country == "ID")
        #expect(rules.authentication == "REDIRECT")
        #expect(rules.minimumAmount == 1_000_000)
        #expect(rules.maximumAmountWithoutKYC == 200_000_000)
        #expect(rules.maximumAmount == 1_000_000_000)
        #expect(!rules.allowsRecurring)
        #expect(PaymentMethodRules.pendingLimitMilliseconds(method: "JENIUS_PAY") == 21_600_000)
        #expect(!PaymentMethodRules.allowsRefund(method: "JENIUS_PAY"))
        #expect(!PaymentMethodRules.allowsCapture(method: "JENIUS_PAY"))
        #expect(!PaymentMethodRules.allowsVoid(method: "JENIUS_PAY"))
    }

    /// Not even a word that Swift holds for the same: U+212A, the Kelvin sign, is canonically a K.
    @Test(arguments: [nil, "", "MOCK", "IDEAL", "jenius_pay", "JENIUS_PAY ", "\u{212A}"]) func everyOtherMethodIsStandard(_ method: String?) {
        #expect(PaymentMethodRules.of(method) == .standard)
        #expect(PaymentMethodRules.pendingLimitMilliseconds(method: method) == 86_400_000)
        #expect(PaymentMethodRules.allowsRefund(method: method))
        #expect(PaymentMethodRules.allowsCapture(method: method))
        #expect(PaymentMethodRules.allowsVoid(method: method))
    }

    @Test func theTableNamesEachMethodOnceAndItsLimitsAreInOrder() {
        let methods = PaymentMethodRules.table.map(\.method)
        #expect(Set(methods).count == methods.count)
        for rules in PaymentMethodRules.table {
            #expect(rules.method != nil)
            #expect(rules.authenticationTimeoutMilliseconds > 0)
            let limits = [rules.minimumAmount, rules.maximumAmountWithoutKYC, rules.maximumAmount].compactMap { $0 }
            #expect(limits == limits.sorted())
            #expect(limits.isEmpty || rules.currency != nil)
        }
    }
}

import PaymentCore
import Testing

@testable import PPRO

@Suite struct RefusalTextTests {
    private func shown(_ message: String, of order: ChargeOrder = Bodies.order) throws -> String {
        let key = try #require(PPROKey(Rig.key))
        return try #require(RefusalText(Array(Bodies.error(400, message).utf8), hiding: PersonalData(order), key).text)
    }

    /// As `terima pay` invents it for a sandbox.
    private var invented: ChargeOrder {
        var order = Bodies.order
        order.amount.value = 8_000_000
        order.consumer = .init(name: "Test Consumer", email: "test.consumer@example.com", phone: "+6280000000", country: "ID")
        order.shippingAddress = .init(street: "Jalan Contoh 1", postalCode: "10110", city: "Jakarta", country: "ID")
        order.items = [.init(name: "Test order", quantity: 1, amount: 8_000_000)]
        return order
    }

    /// Word for word what ppro-sandbox answers.
    @Test(arguments: [
        "amount.value must be from 1000000 to 200000000 for JENIUS_PAY: IDR 10,000.00 to IDR 2,000,000.00",
        "amount.value must be from 1000000 to 1000000000 for JENIUS_PAY: IDR 10,000.00 to IDR 10,000,000.00",
        "amount.value must be an integer of at least 1", "amount.currency must be IDR for JENIUS_PAY", "consumer.country must be ID for JENIUS_PAY",
        "consumer.name is missing", "consumer.phone must not be empty", "order.shippingAddress.street must have at most 512 characters",
        "order.orderItems[0].name must be a string", "order.orderItems must have at least one element",
        "authenticationSettings must have an element of type REDIRECT with settings.returnUrl", "webhooksUrl must be an http or https URL",
        "JENIUS_PAY has no recurring payments: the consumer confirms each one",
        "the key 00000000-0000-4000-8000-000000000007 stands for another request",
    ]) func whatNamesNobodyIsReadable(_ message: String) throws {
        #expect(try shown(message) == message)
        #expect(try shown(message, of: invented) == message)
    }

    @Test(arguments: [
        "the amount 8000000 is too much today: 8000000 > 5000000", "IDR 80,000.00 is more than IDR 50,000.00 (5000000) from 2026-06-03T11:23:47.123Z on",
        "try again in 000 s, 00 or 0000000", "100000.00-200000.00 is the range, in all 123456789012", "order 1 of 3 in 10 days",
    ]) func amountsAreReadable(_ message: String) throws {
        #expect(try shown(message, of: invented) == message)
    }

    @Test(arguments: [
        ("'Siti Rahayu' is blocked", "'…' is blocked"), ("SITI, RAHAYU", "…"), ("no ms. rahayu here", "no ms. … here"), ("Siti\\nRahayu", "…"),
        ("mail to siti@example.id bounced", "mail to … bounced"), ("mailbox <SITI> is full", "mailbox <…> is full"), ("someone@else.test", "…"),
        ("phone +6281234567890", "phone +…"), ("phone 081234567890", "phone …"), ("phone +62 812-3456-7890 x", "phone +… x"),
        ("phone (0812) 3456 7890.", "phone (…."), ("phone 0062.812.3456.7890", "phone …"), ("tel81234567890", "…"),
        ("ends in 567890", "ends in …"), ("812345 1000000", "… 1000000"), ("street JALAN MELATI 7, not 8", "street …, not 8"),
        ("12950 Jakarta is far", "… … is far"), ("Kopi is sold out", "… is sold out"), ("https://shop.test/return?o=1 does not answer", "… does not answer"),
        ("card 4444333322221111", "card …"), ("card 4444 3333-2222 1111!", "card …!"), ("IBAN DE89370400440532013000 and 3171234567890001", "IBAN … and …"),
    ]) func whatIsAPersonsIsHidden(_ message: String, _ expected: String) throws {
        #expect(try shown(message) == expected)
    }

    @Test func everyFieldOfTheOrderIsHidden() throws {
        var order = Bodies.order
        order.consumer.name = "Nur Aini Šimić"
        order.consumer.merchantConsumerReference = "customer-4711"
        for (field, text) in order.personalTexts {
            guard let text else { continue }
            for echo in [text, text.uppercased(), "(\(text))", "\(field)='\(text)'"] {
                let shown = try shown(echo, of: order)
                #expect(!shown.lowercased().contains(text.lowercased()), "\(field): \(shown)")
                #expect(shown.contains("…"))
            }
        }
    }

    /// Somebody may be called as a field is: that hides no field, and the whole name still.
    @Test func aNameThatIsAWordOfFields() throws {
        var order = Bodies.order
        order.consumer.name = "City Name"
        #expect(try shown("consumer.name and shippingAddress.city: 'City Name' is odd", of: order) == "consumer.name and shippingAddress.city: '…' is odd")
    }

    @Test func isCutAfterItIsMasked() throws {
        let text = String(repeating: "x", count: 195) + " Siti Rahayu"
        #expect(try shown(text) == String(repeating: "x", count: 195) + " …")
        #expect(try shown(String(repeating: "y", count: 1_000)).count == 200)
        let long = try shown(String(repeating: "Jalan Melati 7, ", count: 1_000))
        #expect(long.allSatisfy { "…, ".contains($0) })
    }
}

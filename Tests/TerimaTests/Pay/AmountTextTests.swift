import Testing

@testable import Terima

@Suite struct AmountTextTests {
    @Test(arguments: [
        ("10000.00", "IDR", 1_000_000), ("10000", "IDR", 1_000_000), ("0.05", "EUR", 5), ("100", "JPY", 100), ("1.234", "KWD", 1_234), ("0", "EUR", 0),
        ("92233720368547758.07", "EUR", Int64.max),
    ])
    func isExact(text: String, currency: String, value: Int64) throws {
        #expect(try AmountText.parse(text, currency: currency) == value)
    }

    @Test(arguments: [
        ("", "IDR"), ("10,000.00", "IDR"), ("10000.0", "IDR"), ("10000.000", "IDR"), ("100.00", "JPY"), ("100.", "JPY"), ("1.", "EUR"), (".50", "EUR"),
        ("-1.00", "EUR"), ("+1.00", "EUR"), ("1e3", "EUR"), ("1.00.00", "EUR"), (" 1.00", "EUR"), ("١", "EUR"), ("9,999,999,999,999,999,999,999.00", "EUR"),
    ])
    func whatCouldBeMeantOtherwiseIsRefused(text: String, currency: String) {
        #expect(throws: AmountText.Failure.noAmount) { try AmountText.parse(text, currency: currency) }
    }

    @Test(arguments: [
        ("92233720368547758.08", "EUR"), ("92233720368547759", "EUR"), ("9223372036854775808", "JPY"), (String(repeating: "9", count: 400), "IDR"),
    ])
    func whatIsTooLargeIsNoMistakeInWriting(text: String, currency: String) {
        #expect(throws: AmountText.Failure.tooLarge) { try AmountText.parse(text, currency: currency) }
    }
}

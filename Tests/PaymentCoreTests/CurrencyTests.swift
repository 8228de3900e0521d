import PaymentCore
import Testing

@Suite struct CurrencyTests {
    @Test(arguments: [
        ("IDR", 1_000_000, "IDR 10,000.00"),
        ("IDR", 200_000_000, "IDR 2,000,000.00"),
        ("IDR", 99_999, "IDR 999.99"),
        ("IDR", 0, "IDR 0.00"),
        ("IDR", 5, "IDR 0.05"),
        ("IDR", -5, "IDR -0.05"),
        ("IDR", -123_456_789, "IDR -1,234,567.89"),
        ("JPY", 100, "JPY 100"),
        ("JPY", 1_000, "JPY 1,000"),
        ("JPY", 0, "JPY 0"),
        ("KWD", 1, "KWD 0.001"),
        ("KWD", 1_234_567, "KWD 1,234.567"),
        ("CLF", 12_345, "CLF 1.2345"),
        ("???", 150, "??? 1.50"),
        ("IDR", Int64.max, "IDR 92,233,720,368,547,758.07"),
        ("IDR", Int64.min, "IDR -92,233,720,368,547,758.08"),
    ]) func amountsReadAsPeopleWriteThem(currency: String, value: Int64, expected: String) {
        #expect(Currency.format(Money(value: value, currency: currency)) == expected)
    }

    @Test(arguments: [("IDR", 2), ("EUR", 2), ("JPY", 0), ("VND", 0), ("BHD", 3), ("UYW", 4), ("idr", 2), ("", 2)])
    func decimalsFollowTheList(currency: String, decimals: Int) {
        #expect(Currency.decimals(currency) == decimals)
    }
}

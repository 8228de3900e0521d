import PaymentCore
import Testing

/// Amounts are integers: exact, or an error.
@Suite struct JSONIntegerTests {
    @Test(arguments: [
        ("0", 0), ("-0", 0), ("7", 7), ("1000000", 1_000_000), ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min), ("-1", -1),
        ("9007199254740993", 9_007_199_254_740_993),
    ]) func integersAreExact(text: String, value: Int64) throws {
        let number = try JSONDocument.parse(Array(text.utf8)).root
        #expect(try number.integer() == value)
        #expect(number.integerValue == value && number.numberText == text)
    }

    @Test(arguments: ["1.0", "1.0000000000000001", "1e3", "1E0", "-0.0", "\"1\"", "true", "null", "[1]", "{}"])
    func otherValuesAreNoIntegers(text: String) throws {
        let value = try JSONDocument.parse(Array(text.utf8)).root
        #expect(throws: JSONError(offset: 0, reason: .notAnInteger)) { try value.integer() }
        #expect(value.integerValue == nil)
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "92233720368547758070", "10000000000000000000000000000000", "-18446744073709551616"])
    func integersBeyondTheRangeAreRefused(text: String) throws {
        let value = try JSONDocument.parse(Array("[\(text)]".utf8)).root.elements[0]
        #expect(throws: JSONError(offset: 1, reason: .integerOutOfRange)) { try value.integer() }
        #expect(value.integerValue == nil && value.numberText == text)
    }
}

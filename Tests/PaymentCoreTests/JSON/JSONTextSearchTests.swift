import Testing

@testable import PaymentCore

/// One person's address is found however it is written, and nobody else's.
@Suite struct JSONTextSearchTests {
    private func finds(_ word: String, _ text: String) -> Bool { JSONTextSearch(word)?.finds(in: Array(text.utf8)) ?? false }

    @Test(arguments: [
        #"{"email":"ayu@example.com"}"#, #"{"email":"AYU@Example.COM"}"#, #"{"email":"ayu\u0040example.com"}"#, #"{"e":"\u0061\u0059u@example\u002ecom"}"#,
        #"["Ayu <ayu@example.com>, budi@example.com"]"#, #"{"ayu@example.com":1}"#, #""mailto:ayu@example.com""#, #""Mail ayu@example.com.""#,
        #"{"u":"https:\/\/shop?mail=ayu%40example.com&x=1"}"#, "no JSON: ayu@example.com", #"{"half":"ayu\u0040example.com"#, "ayu@example.com",
        #""\"ayu@example.com\"""#, "{\"n\":\"\u{00e9} ayu@example.com\"}",
    ]) func finds(text: String) { #expect(finds("Ayu@example.com", text)) }

    @Test(arguments: [
        #"{"email":"dayu@example.com"}"#, #"{"email":"ayu@example.com.id"}"#, #"{"email":"ayu@example.community"}"#, #"{"email":"ayu@example.com-x"}"#,
        #"{"email":"sri.ayu@example.com"}"#, #"{"email":"sri+ayu@example.com"}"#, #"{"email":"ayu@example.co"}"#, #"{"email":"ayu@exbmple.com"}"#, "", "{}",
        #"{"email":"\\u0061yu@example.com"}"#, "{\"email\":\"\u{00e9}ayu@example.com\"}",
    ]) func findsNobodyElse(text: String) { #expect(!finds("ayu@example.com", text)) }

    @Test func lettersBeyondASCIIHaveTwoCasesToo() {
        #expect(finds("JOS\u{00c9}@example.com", "{\"email\":\"jos\u{00e9}@example.com\"}"))
        #expect(finds("jos\u{00e9}@example.com", #"{"email":"JOS\u00c9@EXAMPLE.COM"}"#))
    }

    @Test func idsAreFound() {
        #expect(finds("charge_1", #"{"subject":"charge_1"}"#))
        #expect(!finds("charge_1", #"{"subject":"charge_12"}"#))
        #expect(JSONTextSearch("") == nil)
    }
}

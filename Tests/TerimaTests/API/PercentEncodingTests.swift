import Testing

@testable import Terima

@Suite struct PercentEncodingTests {
    @Test func everythingButTheUnreservedIsEncoded() {
        #expect(PercentEncoding.encode("AZaz09-._~") == "AZaz09-._~")
        #expect(PercentEncoding.encode("a/b c%?&=#+\u{1}é😀") == "a%2Fb%20c%25%3F%26%3D%23%2B%01%C3%A9%F0%9F%98%80")
        #expect(PercentEncoding.encode("").isEmpty)
    }

    @Test func whatWasEncodedIsDecodedByteForByte() {
        // Composed and decomposed letters are the same String, but not the same bytes.
        let texts = (0...0x2FF).compactMap(Unicode.Scalar.init).map { "x\(Character($0))" } + ["e\u{301}", "\u{E9}", "👩‍👩‍👧", "\u{10FFFF}", "%2F", "%25"]
        for text in texts {
            #expect(PercentEncoding.decode(PercentEncoding.encode(text)).map { Array($0.utf8) } == Array(text.utf8))
        }
    }

    @Test func decodingIsStrict() {
        #expect(PercentEncoding.decode("%2f%2F+") == "//+")
        #expect(PercentEncoding.decode("%252F") == "%2F")
        for broken in ["%", "%4", "a%", "%zz", "%+1", "%-1", "% 1", "%é", "%FF", "%C3", "%C3%28", "%ED%A0%80"] {
            #expect(PercentEncoding.decode(broken) == nil, "\(broken)")
        }
    }
}

import Testing

@testable import PPRO

@Suite struct PPROKeyTests {
    @Test func hasNoPrintableForm() throws {
        let key = try #require(PPROKey("very-secret"))
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), String(describing: [key]), String(reflecting: Optional(key)), dumped] {
            #expect(!text.contains("very-secret"))
        }
        #expect(key.authorization == "Bearer very-secret")
    }

    @Test(arguments: ["", "a b", "a\n", "a\r\nX: y", "é", "\u{7F}", String(repeating: "k", count: 1025)]) func refusesWhatIsNoHeaderValue(_ text: String) {
        #expect(PPROKey(text) == nil)
    }
}

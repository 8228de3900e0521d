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

    @Test func isReplacedForTheNextCall() async throws {
        try await Rig.run([.json(Bodies.charge()), .json(Bodies.charge())]) { rig async throws in
            _ = try await rig.client.charge(id: "charge_1")
            rig.client.replaceKey(try #require(PPROKey("the-next-key")))
            _ = try await rig.client.charge(id: "charge_1")
            #expect(rig.api.received.map { $0.header("authorization") } == ["Bearer \(Rig.key)", "Bearer the-next-key"])
        }
    }

    @Test(arguments: ["", "a b", "a\n", "a\r\nX: y", "é", "\u{7F}", String(repeating: "k", count: 1025)]) func refusesWhatIsNoHeaderValue(_ text: String) {
        #expect(PPROKey(text) == nil)
    }
}

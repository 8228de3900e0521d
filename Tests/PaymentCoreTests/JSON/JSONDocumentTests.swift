import PaymentCore
import Testing

@Suite struct JSONDocumentTests {
    @Test func anEnvelopeIsReadByItsMembers() throws {
        let root = try parse(#" { "id" : "a\u00e9\n\ud83d\ude00" , "data":{"amount":{"value":-7},"list":[1,"two",null,true,false,{}]} } "#)
        #expect(root.kind == .object)
        #expect(root["id"]?.string == "aé\n😀")
        #expect(root["data"]?["amount"]?["value"]?.integerValue == -7)
        let list = try #require(root["data"]?["list"]?.elements)
        #expect(list.map(\.kind) == [.number, .string, .null, .bool, .bool, .object])
        #expect(list[3].bool == true && list[4].bool == false && list[2].isNull && !list[3].isNull)
        #expect(root.members.map(\.key) == ["id", "data"])
        #expect(root["missing"] == nil && root["data"]?["list"]?["amount"] == nil)
        #expect(Array(root["data"]?["amount"]?.bytes ?? []) == Array(#"{"value":-7}"#.utf8))
    }

    @Test func readingAsAnotherKindGivesNothing() throws {
        for value in try parse(#"[{"a":1},[1],"x",1,true,null]"#).elements {
            #expect((value.string == nil) == (value.kind != .string))
            #expect((value.numberText == nil) == (value.kind != .number))
            #expect((value.bool == nil) == (value.kind != .bool))
            #expect(value.members.isEmpty == (value.kind != .object))
            #expect(value.elements.isEmpty == (value.kind != .array))
            #expect((value.integerValue == nil) == (value.kind != .number))
        }
    }

    @Test func membersOfInnerObjectsAreNotTheOuterOnes() throws {
        let root = try parse(#"{"a":{"b":1,"c":[{"b":2}]},"b":3,"d":{}}"#)
        #expect(root["b"]?.integerValue == 3 && root["c"] == nil)
        #expect(root["a"]?["c"]?.elements.first?["b"]?.integerValue == 2)
        #expect(root["d"]?.members.isEmpty == true && root["d"]?["a"] == nil)
    }

    @Test func everyEscapeIsResolved() throws {
        let root = try parse(#"["\"\\\/\b\f\n\r\t","\u0000\u007f\u0080\u07ff\u0800\uffff","\uD834\uDD1E\uDBFF\uDFFF"]"#)
        #expect(root.elements[0].string == "\"\\/\u{8}\u{C}\n\r\t")
        #expect(root.elements[1].string == "\u{0}\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}")
        #expect(root.elements[2].string == "\u{1D11E}\u{10FFFF}")
    }

    @Test func keysAreComparedAsBytesAfterUnescaping() throws {
        // é as one scalar and as two: equal as Strings, different as keys.
        let root = try parse("{\"\u{E9}\":1,\"e\u{301}\":2,\"\\u0061\":3}")
        #expect(root["\u{E9}"]?.integerValue == 1 && root["e\u{301}"]?.integerValue == 2)
        #expect(root["a"]?.integerValue == 3)
        #expect(root["\\u0061"] == nil)
    }

    @Test(arguments: [
        (#"{"a":1,"a":1}"#, 7), (#"{"a":1,"b":2,"\u0061":3}"#, 13), (#"{"\u0061":1,"\u0061":1}"#, 12), (#"[{"":0,"":0}]"#, 7),
        (#"{"x":{"k":1},"y":{"k":1,"k":2}}"#, 24), ("{\"\u{E9}\":1,\"\\u00e9\":2}", 8), (#"{"a\/b":1,"a/b":1}"#, 10),
    ]) func duplicateKeysAreRefused(text: String, offset: Int) {
        #expect(failure(text) == JSONError(offset: offset, reason: .duplicateKey))
    }

    /// Around the limit between comparing pairwise and by hash.
    @Test(arguments: [2, 3, 15, 16, 17, 18, 40]) func theLastKeyIsComparedWithAllOthers(count: Int) throws {
        let keys = (0..<count).map { "\"key\($0)\":{\"key0\":[]}" }
        #expect(try parse("{" + keys.joined(separator: ",") + "}").members.count == count)
        for repeated in [0, count / 2, count - 1] {
            let text = "{" + (keys + ["\"key\(repeated)\":0"]).joined(separator: ",") + "}"
            #expect(failure(text)?.reason == .duplicateKey, "key \(repeated) of \(count)")
        }
    }

    /// Compared pairwise these would be five thousand million comparisons, many minutes; the time limit only has to tell that apart.
    @Test(.timeLimit(.minutes(5))) func aHundredThousandKeysAreNotComparedPairwise() throws {
        let keys = (0..<100_000).map { "\"k\($0)\":\($0)" }
        let all = "{" + keys.joined(separator: ",")
        #expect(try parse(all + "}")["k99999"]?.integerValue == 99_999)
        #expect(failure(all + ",\"k0\":0}")?.reason == .duplicateKey)
    }

    @Test func depthIsLimited() throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ depth: Int) -> String { String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth) }
            #expect(throws: Never.self) { try parse(nested(64)) }
            #expect(failure(nested(65)) == JSONError(offset: 64 * open.utf8.count, reason: .tooDeep))
        }
        let side = "[" + String(repeating: "[],", count: 200) + "[]]"
        #expect(try parse(side).elements.count == 201)
        #expect(throws: JSONError(offset: 0, reason: .tooDeep)) { try JSONDocument.parse(Array("[]".utf8), maximumDepth: 0) }
        #expect(throws: Never.self) { try JSONDocument.parse(Array("[[]]".utf8), maximumDepth: 2) }
    }

    @Test(arguments: [
        ("", 0, JSONError.Reason.empty), (" \n", 2, .empty), ("{", 1, .unexpectedEnd), ("[1", 2, .unexpectedEnd), ("[1,", 3, .unexpectedEnd),
        ("\"a", 2, .unexpectedEnd), ("\"\\", 2, .unexpectedEnd), ("\"\\u12", 5, .unexpectedEnd), ("tru", 3, .unexpectedEnd), ("-", 1, .unexpectedEnd),
        ("1.", 2, .unexpectedEnd), ("1e+", 3, .unexpectedEnd), ("{\"a\"", 4, .unexpectedEnd), ("{\"a\":", 5, .unexpectedEnd),
        ("01", 1, .invalidNumber), ("-a", 1, .invalidNumber), ("1.e1", 2, .invalidNumber), ("1ea", 2, .invalidNumber), ("+1", 0, .unexpectedByte),
        ("{} {}", 3, .trailingBytes), ("1 2", 2, .trailingBytes), ("1x", 1, .trailingBytes), ("null\u{0}", 4, .trailingBytes), ("[1,]", 3, .unexpectedByte),
        ("{\"a\":1,}", 7, .unexpectedByte), ("{\"a\" 1}", 5, .unexpectedByte), ("{1:1}", 1, .unexpectedByte), ("[1}", 2, .unexpectedByte),
        ("{]", 1, .unexpectedByte),
        ("[1 2]", 3, .unexpectedByte), ("NaN", 0, .unexpectedByte), ("'a'", 0, .unexpectedByte), ("// a\n1", 0, .unexpectedByte), ("nulL", 3, .unexpectedByte),
        ("\u{A0}1", 0, .unexpectedByte), ("\"\t\"", 1, .controlCharacter), ("\"\u{0}\"", 1, .controlCharacter), ("\"abcdefgh\u{1F}\"", 9, .controlCharacter),
        (#""\x""#, 2, .invalidEscape), (#""\u12g4""#, 5, .invalidEscape), (#""\U0041""#, 2, .invalidEscape), (#""\ud800""#, 1, .loneSurrogate),
        (#""\udc00""#, 1, .loneSurrogate), (#""ab\ud800\ud800""#, 3, .loneSurrogate), (#""\ud800\n""#, 1, .loneSurrogate), ("\u{FEFF}{}", 0, .byteOrderMark),
    ]) func aFailureNamesItsReasonAndPlace(text: String, offset: Int, reason: JSONError.Reason) {
        #expect(failure(text) == JSONError(offset: offset, reason: reason))
    }

    @Test func aFailureIsPrintedWithoutTheContent() {
        #expect(failure(#"{"name":"Siti", }"#)?.description == "unexpected_byte at byte 16")
    }

    @Test(arguments: [
        "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f48fbfbf", "efbbbf",
    ]) func theEdgesOfUTF8AreAccepted(hex: String) throws {
        for padding in 0..<9 {
            let text = Array(repeating: UInt8(ascii: "x"), count: padding) + (try #require(Hex.decode(hex)))
            let value = try JSONDocument.parse([0x22] + text + [0x22]).root
            #expect(Array((value.string ?? "").utf8) == text)
        }
    }

    @Test(arguments: [
        "80", "bf", "c0", "c080", "c1bf", "c2", "c2c2", "c27f", "e0", "e080", "e08080", "e09fbf", "e0a0", "e0a07f", "eda080", "edbfbf", "efbf", "f0808080",
        "f08fbfbf",
        "f09080", "f0908041", "f4908080", "f5808080", "f8888080", "ff", "fe", "fc8080808080",
    ]) func brokenUTF8IsRefused(hex: String) throws {
        let broken = try #require(Hex.decode(hex))
        for padding in 0..<9 {
            let text = Array(repeating: UInt8(ascii: "x"), count: padding) + broken
            for end in [[0x22], []] as [[UInt8]] {
                let error = #expect(throws: JSONError.self) { try JSONDocument.parse([0x22] + text + end) }
                #expect(error?.reason == .invalidUTF8, "\(hex) after \(padding) bytes")
            }
        }
    }

    private func parse(_ text: String) throws -> JSONValue { try JSONDocument.parse(Array(text.utf8)).root }

    private func failure(_ text: String) -> JSONError? {
        do throws(JSONError) {
            _ = try JSONDocument.parse(Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }
}

import PaymentCore
import Testing

@Suite struct JSONWriterTests {
    @Test func commasAreSetByTheWriter() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("a", "x")
            writer.member("b", nil as String?)
            writer.member("c", Int64.min)
            writer.member("d", 7)
            writer.member("e", true)
            writer.member("f", nil as Int?)
            writer.key("g")
            writer.array { writer in
                writer.integer(1)
                writer.array { _ in }
                writer.object { _ in }
                writer.null()
                writer.bool(false)
                writer.raw(Array(#"{"z":1.50}"#.utf8))
                writer.string("")
            }
            writer.key("h")
            writer.object { writer in writer.member("i", nil as Bool?) }
            writer.member("j", nil as Int64?)
        }
        #expect(
            writer.text
                == #"{"a":"x","b":null,"c":-9223372036854775808,"d":7,"e":true,"f":null,"g":[1,[],{},null,false,{"z":1.50},""],"h":{"i":null},"j":null}"#)
    }

    @Test func textIsEscapedWhereItMustBeAndNowhereElse() throws {
        var writer = JSONWriter()
        writer.string("\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}é\u{2028}😀")
        #expect(writer.text == "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u{7F}é\u{2028}😀\"")
        let everything = String(String.UnicodeScalarView((0...0x2FF).compactMap { Unicode.Scalar($0 as UInt32) }))
        var all = JSONWriter()
        all.object { writer in writer.member(everything, everything) }
        let root = try JSONDocument.parse(all.bytes).root
        #expect(root[everything]?.string == everything && root.members.count == 1)
    }
}

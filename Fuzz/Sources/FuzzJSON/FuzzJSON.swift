import Fuzzing
import PaymentCore

@main struct FuzzJSON {
    static func main() { Fuzzer.run { check($0) } }

    /// Input: a text that may be JSON.
    private static func check(_ text: [UInt8]) {
        let isShallow = (try? JSONDocument.parse(text, maximumDepth: 3)) != nil
        expect(isShallow == JSONOracle.accepts(text, maximumDepth: 3), "reader and oracle agree on the depth")
        let isAccepted = JSONOracle.accepts(text)
        do throws(JSONError) {
            let document = try JSONDocument.parse(text)
            expect(isAccepted, "nothing is accepted that the oracle refuses")
            accepted(document.root, text)
        } catch {
            expect(!isAccepted, "nothing is refused that the oracle accepts")
            refused(error, text)
        }
        written(text)
    }

    private static func refused(_ error: JSONError, _ text: [UInt8]) {
        expect((0...text.count).contains(error.offset), "the place of an error lies in the text")
        switch error.reason {
        case .notAnInteger, .integerOutOfRange, .tooLarge: expect(false, "reading a short text never fails with \(error.reason)")
        case .empty, .unexpectedEnd: expect(error.offset == text.count, "what ends too early is noticed at its end")
        case .trailingBytes: expect(JSONOracle.accepts(Array(text[..<error.offset])), "what stands before trailing bytes is a whole text")
        default: break
        }
        do throws(JSONError) { _ = try JSONDocument.parse(text) } catch let second { expect(second == error, "the same text fails in the same way") }
    }

    private static func accepted(_ root: JSONValue, _ text: [UInt8]) {
        let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let end = text.lastIndex { !isSpace($0) } ?? text.startIndex
        expect(root.bytes == text[...end].drop(while: isSpace), "the root is the whole text but the space around it")
        look(at: root)

        let once = JSONEcho.bytes(root)
        guard let again = try? JSONDocument.parse(once) else { return expect(false, "what the writer wrote is accepted") }
        expect(JSONEcho.bytes(again.root) == once, "what was written reads the same")
        for child in root.members.map(\.value) + root.elements {
            let alone = (try? JSONDocument.parse(Array(child.bytes))).map { JSONEcho.bytes($0.root) }
            expect(alone == JSONEcho.bytes(child), "a value's own bytes are that value")
        }

        // A number's beginning may be a number; every other value is whole or nothing.
        guard root.kind != .number else { return }
        let cut = text.reduce(0) { $0 &+ Int($1) } % root.bytes.count
        expect((try? JSONDocument.parse(Array(root.bytes.prefix(cut)))) == nil, "no beginning of a text is a text")
    }

    private static func look(at value: JSONValue) {
        expect((value.string != nil) == (value.kind == .string) && (value.bool != nil) == (value.kind == .bool), "a value is of one kind")
        expect((value.numberText != nil) == (value.kind == .number) && value.isNull == (value.kind == .null), "a value is of one kind")
        switch value.kind {
        case .object:
            for (key, member) in value.members {
                expect(value[key]?.bytes.indices == member.bytes.indices, "a member is found by its key")
                look(at: member)
            }
        case .array: value.elements.forEach { look(at: $0) }
        case .string:
            let text = JSONStringOracle.text(value.bytes)
            expect(value.string.map { $0.utf8.elementsEqual(text.utf8) } == true, "a string is what the oracle makes of it")
        case .number: integer(value)
        case .bool: expect(value.bytes.elementsEqual((value.bool == true ? "true" : "false").utf8), "true is true")
        case .null: expect(value.bytes.elementsEqual("null".utf8), "null is null")
        }
    }

    private static func integer(_ value: JSONValue) {
        let text = value.numberText ?? ""
        expect(value.bytes.elementsEqual(text.utf8), "a number is its text")
        do throws(JSONError) {
            let integer = try value.integer()
            expect(Int64(text) == integer, "an integer is exact")
        } catch {
            let isFraction = text.utf8.contains { [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains($0) }
            expect(error.reason == (isFraction ? .notAnInteger : .integerOutOfRange) && Int64(text) == nil, "a number is an integer if it fits")
        }
    }

    /// Any text at all can be written as a string and as a key.
    private static func written(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        var writer = JSONWriter()
        writer.array { array in
            array.object { $0.member(text, text) }
            array.integer(Int64(input.count))
        }
        let member = (try? JSONDocument.parse(writer.bytes))?.root.elements.first?.members.first
        expect(member.map { $0.key.utf8.elementsEqual(text.utf8) } == true, "a key that was written comes back")
        expect(member?.value.string.map { $0.utf8.elementsEqual(text.utf8) } == true, "a string that was written comes back")
    }
}

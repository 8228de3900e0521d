import CLibFuzzer
import Glibc
import PaymentCore

@main struct FuzzJSON {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments) { fuzzJSON($0, $1) })
    }
}

/// The reader and a second checker written another way agree on every text, and what is accepted is the same after being written and read again.
private func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: start, count: count))
    let document = try? JSONDocument.parse(text)
    precondition((document != nil) == JSONOracle.accepts(text), "reader and oracle disagree")
    guard let document else { return 0 }
    let once = JSONEcho.bytes(document.root)
    guard let again = try? JSONDocument.parse(once) else { preconditionFailure("what the writer wrote is refused") }
    precondition(JSONEcho.bytes(again.root) == once, "what was written reads differently")
    for member in document.root.members {
        precondition(document.root[member.key]?.bytes == member.value.bytes, "a member is not found by its key")
        if let integer = member.value.integerValue { precondition(Int64(member.value.numberText ?? "") == integer, "an integer is not exact") }
    }
    return 0
}

import CLibFuzzer
import Glibc
import PaymentCore

@main struct FuzzEvent {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments) { fuzzEvent($0, $1) })
    }
}

/// Whatever the bytes, an event comes out of them, with a body that is theirs and an identity.
private func fuzzEvent(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let body = Array(UnsafeBufferPointer(start: start, count: count))
    let event = EventDecoder.decode(body: body, receivedAt: Instant(milliseconds: 0))
    precondition(event.body == body && event.bodyHash == Digest.sha256(body), "the event has another body")
    precondition(!event.identity.source.isEmpty && !event.identity.id.isEmpty, "the event has no identity")
    if case .readable = event.content { precondition((try? JSONDocument.parse(body)) != nil, "an event was read from what is no JSON") }
    if let data = EventDecoder.passThroughData(body: body) { precondition((try? JSONDocument.parse(data)) != nil, "data is no JSON") }
    return 0
}

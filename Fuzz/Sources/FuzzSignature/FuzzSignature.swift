import CLibFuzzer
import Glibc
import PaymentCore

@main struct FuzzSignature {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments) { fuzzSignature($0, $1) })
    }
}

/// Input: a header, a newline, a body. Nobody who lacks the secret gets anything accepted, and nothing traps; texts that decode are the ones that encoding gives.
private func fuzzSignature(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let parts = UnsafeBufferPointer(start: start, count: count).split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first else { return 0 }
    let header = String(decoding: first, as: UTF8.self)
    let body = parts.count > 1 ? Array(parts[1]) : []
    refuses(header, body)
    acceptsWhatIsSigned(header, body)
    if let bytes = Hex.decode(header) { precondition(header.utf8.elementsEqual(Hex.encode(bytes).utf8) || header != header.lowercased()) }
    if let bytes = Base64.decode(header) { precondition(header.utf8.elementsEqual(Base64.encode(bytes).utf8)) }
    if let secret = EndpointSecret(header) { precondition(secret.exposed.utf8.elementsEqual(header.utf8)) }
    return 0
}

private let secrets = ["a secret that no input knows", "another one"].map { SigningSecret($0) }
private let endpoint = EndpointSecret.generate()
private let now = Instant(milliseconds: 1_780_485_827_123)

private func refuses(_ header: String, _ body: [UInt8]) {
    let verifier = SignatureVerifier(secrets: secrets)
    for headers in [
        SignatureHeaders(current: [header]), SignatureHeaders(legacy: [header]), SignatureHeaders(current: [header], legacy: [header]),
        SignatureHeaders(current: [header, header]),
    ] {
        if case .success = verifier.verify(body: body, headers: headers, now: now) { preconditionFailure("a forged signature was accepted") }
    }
    for (id, timestamp, signature) in [("ntf_1", "1780485827", header), (header, "1780485827", "v1,"), ("ntf_1", header, "v1,")] {
        let result = StandardWebhooks.verify(id: id, timestamp: timestamp, signature: signature, body: body, secrets: [endpoint], now: now)
        if case .success = result { preconditionFailure("a forged notification was accepted") }
    }
}

/// The header serves as the secret here.
private func acceptsWhatIsSigned(_ text: String, _ body: [UInt8]) {
    let verifier = SignatureVerifier(secrets: secrets + [SigningSecret(text)])
    let current = PPROSigner.current(body: body, secret: SigningSecret(text), at: now)
    let legacy = PPROSigner.legacy(body: body, secret: SigningSecret(text))
    for headers in [SignatureHeaders(current: [current]), SignatureHeaders(legacy: [legacy])] {
        if case .failure = verifier.verify(body: body, headers: headers, now: now) { preconditionFailure("a right signature was refused") }
    }
}

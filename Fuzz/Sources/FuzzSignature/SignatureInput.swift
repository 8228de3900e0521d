import Crypto
import PaymentCore

/// An input taken apart: a line with the values of PPRO-Signature, a line with those of Webhook-Signature (each separated by `|`, none on an empty line), and
/// the body. A fuzzer cannot guess a signature, so signs in the values stand for signatures made from what is there:
///
///     $ the right one (a lower-case and   ^ upper-case hexadecimal text)    ~ right, by the second secret    % right by the old scheme
///     & over the body without the time    ! by a secret that is not ours    @ right by Standard Webhooks, base 64
struct SignatureInput {
    var current: [[UInt8]]
    var legacy: [[UInt8]]
    var body: [UInt8]

    init(_ input: [UInt8]) {
        let lines = input.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        let values = lines.prefix(2).map { $0.isEmpty ? [] : $0.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false).map { Array($0) } }
        current = values.first ?? []
        legacy = values.count > 1 ? values[1] : []
        body = lines.count > 2 ? Array(lines[2]) : []
    }

    /// One is configured twice: the first place counts.
    static let secrets = ["the first secret", "the second s\u{E9}cret", "the first secret"]
    private static let stranger = "a secret that is not ours"

    func headers() -> SignatureHeaders { SignatureHeaders(current: current.map(filled), legacy: legacy.map(filled)) }

    /// `webhook-id`, `webhook-timestamp` and `webhook-signature` when the first line has three values.
    func notification(_ code: ([UInt8]) -> String) -> (id: String, timestamp: String, signature: String)? {
        guard current.count == 3 else { return nil }
        let (id, timestamp) = (String(decoding: current[0], as: UTF8.self), String(decoding: current[1], as: UTF8.self))
        let signature = current[2].map { $0 == UInt8(ascii: "@") ? code(Array("\(id).\(timestamp).".utf8) + body) : String(UnicodeScalar($0)) }
        return (id, timestamp, signature.joined())
    }

    private func filled(_ value: [UInt8]) -> String {
        let digits = value.drop { !(48...57).contains($0) }.prefix { (48...57).contains($0) }
        let message = digits + Array(".".utf8) + body
        var text: [UInt8] = []
        for byte in value {
            switch byte {
            case UInt8(ascii: "$"): text += Self.hex(SignatureOracle.code(Array(message), Self.secrets[0]))
            case UInt8(ascii: "^"): text += Self.hex(SignatureOracle.code(Array(message), Self.secrets[0])).map { $0 >= 97 ? $0 - 32 : $0 }
            case UInt8(ascii: "~"): text += Self.hex(SignatureOracle.code(Array(message), Self.secrets[1]))
            case UInt8(ascii: "%"): text += Self.hex(Array(SHA256.hash(data: body + Array(".\(Self.secrets[0])".utf8))))
            case UInt8(ascii: "&"): text += Self.hex(SignatureOracle.code(body, Self.secrets[0]))
            case UInt8(ascii: "!"): text += Self.hex(SignatureOracle.code(Array(message), Self.stranger))
            default: text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func hex(_ bytes: [UInt8]) -> [UInt8] { bytes.flatMap { Array(($0 < 16 ? "0" : "").utf8) + Array(String($0, radix: 16).utf8) } }
}

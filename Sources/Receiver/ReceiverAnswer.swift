import EventStore
import NIOCore
import NIOHTTP1
import PaymentCore

/// Every answer the receiver gives, and its bytes.
enum ReceiverAnswer: Sendable, Equatable {
    case accepted, duplicate, conflict
    case healthy
    /// - Parameter reason: the store's stable code.
    case unwell(reason: String)
    case options(Resource)
    /// - Parameter origin: checked, safe in a header field.
    case handshake(origin: String)
    case methodNotAllowed(Resource)
    case refused(Refusal)
    /// Not a final answer: asks for the body that the client holds back.
    case goOn

    init(_ outcome: AppendOutcome) {
        self =
            switch outcome {
            case .accepted: .accepted
            case .duplicate: .duplicate
            case .conflict: .conflict
            case .overloaded: .refused(.overloaded)
            case .unavailable: .refused(.storageUnavailable)
            }
    }

    init(_ health: StoreHealth) {
        self =
            switch health {
            case .well, .strained: .healthy
            case .unwell(let reason, _): .unwell(reason: reason)
            }
    }

    var refusal: Refusal? {
        switch self {
        case .refused(let refusal): refusal
        case .methodNotAllowed: .methodNotAllowed
        default: nil
        }
    }

    /// The whole answer in HTTP/1.1's form.
    /// - Parameters:
    ///   - closing: says that the connection ends with this answer.
    ///   - withoutBody: for HEAD: the header alone, with the length that the body would have.
    func bytes(closing: Bool, withoutBody: Bool) -> ByteBuffer {
        guard !withoutBody else { return rendered(closing: closing, withoutBody: true) }
        switch self {
        case .accepted: return Prepared.accepted[closing: closing]
        case .duplicate: return Prepared.duplicate[closing: closing]
        case .refused(let refusal): return Prepared.refusals[refusal.rawValue][closing: closing]
        default: return rendered(closing: closing, withoutBody: false)
        }
    }

    /// What is answered most, rendered once. Writing one costs a reference count.
    private struct Prepared {
        static let accepted = Prepared(.accepted)
        static let duplicate = Prepared(.duplicate)
        static let refusals = Refusal.allCases.map { Prepared(.refused($0)) }

        private let keeping: ByteBuffer
        private let closing: ByteBuffer

        init(_ answer: ReceiverAnswer) {
            keeping = answer.rendered(closing: false, withoutBody: false)
            closing = answer.rendered(closing: true, withoutBody: false)
        }

        subscript(closing closes: Bool) -> ByteBuffer { closes ? closing : keeping }
    }

    private func rendered(closing: Bool, withoutBody: Bool) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
        for (name, value) in fields { buffer.writeString("\(name): \(value)\r\n") }
        if closing { buffer.writeString("Connection: close\r\n") }
        guard let body else {
            buffer.writeString("\r\n")
            return buffer
        }
        buffer.writeString("Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
        if !withoutBody { buffer.writeString(body) }
        return buffer
    }

    private var status: HTTPResponseStatus {
        switch self {
        case .accepted: .accepted
        case .duplicate, .conflict, .healthy, .handshake: .ok
        case .unwell: .serviceUnavailable
        case .options: .noContent
        case .methodNotAllowed: .methodNotAllowed
        case .refused(let refusal): refusal.status
        case .goOn: .continue
        }
    }

    private var fields: [(name: String, value: String)] {
        switch self {
        case .options(let resource), .methodNotAllowed(let resource): [("Allow", resource.allow)]
        case .handshake(let origin):
            [("WebHook-Allowed-Origin", origin), ("WebHook-Allowed-Rate", "*"), ("Allow", Resource.webhook.allow), ("Content-Length", "0")]
        case .refused(let refusal): refusal.fields
        default: []
        }
    }

    /// JSON; nil for answers that have none.
    private var body: String? {
        switch self {
        case .accepted: #"{"status":"accepted"}"#
        case .duplicate: #"{"status":"duplicate"}"#
        case .conflict: #"{"status":"conflict"}"#
        case .healthy: #"{"status":"ok"}"#
        case .unwell(let reason): Self.unwellBody(reason)
        case .methodNotAllowed: Self.errorBody(.methodNotAllowed)
        case .refused(let refusal): Self.errorBody(refusal)
        case .options, .handshake, .goOn: nil
        }
    }

    private static func errorBody(_ refusal: Refusal) -> String { #"{"error":"\#(refusal.code)"}"# }

    private static func unwellBody(_ reason: String) -> String {
        var writer = JSONWriter()
        writer.object { object in
            object.member("status", "unwell")
            object.member("reason", reason)
        }
        return writer.text
    }
}

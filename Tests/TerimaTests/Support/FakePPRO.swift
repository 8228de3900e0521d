import NIOCore
import NIOHTTP1
import NIOPosix
import PaymentCore
import Synchronization

/// PPRO's API as far as the commands ask it: a server on a port of its own with charges that the test moves on.
final class FakePPRO: Sendable {
    static let key = "key-of-the-fake-ppro"

    struct Charge: Sendable {
        var status = "AUTHENTICATION_PENDING"
        var reference: String?
        /// PPRO does not promise that an answer names the reference.
        var namesReference = true
        var authorized: Int64?
        var captured: Int64?
        var failureCode: String?
        var updatedAt = Instant(milliseconds: Life.start)
    }

    struct Received: Sendable {
        var method: String
        var target: String
        var headers: HTTPHeaders
        var body: [UInt8]

        var json: JSONValue? { try? JSONDocument.parse(body).root }
    }

    private struct State {
        var charges: [String: Charge] = [:]
        var received: [Received] = []
        /// What was sent under an idempotency key, and the charge that it made.
        var made: [String: (body: [UInt8], id: String)] = [:]
        /// Answers everything with this status, if there is one.
        var trouble: Int?
        var isGarbling = false
    }

    let port: Int
    private let channel: any Channel
    private let ledger: Ledger

    private final class Ledger: Sendable {
        let state = Mutex(State())

        func with<Result>(_ body: (inout State) -> Result) -> Result { state.withLock { body(&$0) } }
    }

    var received: [Received] { ledger.with { $0.received } }

    /// The settings with which terima asks this server.
    var environment: [String: String] {
        ["TERIMA_PPRO_URL": "http://127.0.0.1:\(port)", "TERIMA_PPRO_KEY": Self.key, "TERIMA_PPRO_MERCHANT_ID": "merch_1", "TERIMA_PPRO_RATE": "50"]
    }

    static func start() async throws -> FakePPRO {
        let ledger = Ledger()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(Handler(ledger))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return FakePPRO(channel, ledger)
    }

    private init(_ channel: any Channel, _ ledger: Ledger) {
        (self.channel, self.ledger) = (channel, ledger)
        port = channel.localAddress?.port ?? 0
    }

    func stop() async { try? await channel.close() }

    /// Puts a charge there, or moves it on.
    func set(_ id: String, _ charge: Charge) { ledger.with { $0.charges[id] = charge } }

    func fail(with status: Int?) { ledger.with { $0.trouble = status } }

    /// From now on charges are made, and answered so that nobody can tell; or, with false, as they should be.
    func garble(_ isGarbling: Bool = true) { ledger.with { $0.isGarbling = isGarbling } }

    static func json(_ id: String, _ charge: Charge) -> String {
        func list(_ name: String, _ amount: Int64?, _ status: String) -> String {
            amount.map { #","\#(name)":[{"id":"\#(name)_1","amount":\#($0),"status":"\#(status)"}]"# } ?? ""
        }
        return #"{"id":"\#(id)","paymentMethod":"JENIUS_PAY","currency":"IDR","status":"\#(charge.status)""#
            + (charge.reference.flatMap { charge.namesReference ? #","merchantPaymentChargeReference":"\#($0)""# : nil } ?? "")
            + (charge.failureCode.map { #","failure":{"failureCode":"\#($0)"}"# } ?? "")
            + list("authorizations", charge.authorized, "CAPTURED") + list("captures", charge.captured, "CAPTURED")
            + #","authenticationMethods":[{"type":"REDIRECT","details":{"requestUrl":"https://wallet.test/pay?charge=\#(id)","requestMethod":"GET"}}],"#
            + #""createdAt":"\#(Instant(milliseconds: Life.start).iso8601)","updatedAt":"\#(charge.updatedAt.iso8601)"}"#
    }

    private static func create(_ request: Received, _ state: inout State) -> (Int, String) {
        let key = request.headers.first(name: "request-idempotency-key") ?? ""
        let made = state.made[key] ?? (request.body, "charge_fake\(state.charges.count + 1)")
        guard made.body == request.body else { return (409, #"{"status":409,"failureMessage":"the key stands for another request"}"#) }
        state.made[key] = made
        let charge = state.charges[made.id] ?? Charge(reference: request.json?["merchantPaymentChargeReference"]?.string)
        state.charges[made.id] = charge
        return (200, state.isGarbling ? "{}" : json(made.id, charge))
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let ledger: Ledger
        private var request: Received?

        init(_ ledger: Ledger) { self.ledger = ledger }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): request = Received(method: head.method.rawValue, target: head.uri, headers: head.headers, body: [])
            case .body(let buffer): request?.body.append(contentsOf: buffer.readableBytesView)
            case .end:
                guard let request else { return }
                let (status, body) = answer(request)
                let head = HTTPResponseHead(
                    version: .http1_1, status: .init(statusCode: status), headers: ["Content-Type": "application/json", "Content-Length": "\(body.utf8.count)"])
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func answer(_ request: Received) -> (Int, String) {
            ledger.with { state in
                state.received.append(request)
                if let trouble = state.trouble { return (trouble, #"{"status":\#(trouble),"failureMessage":"trouble"}"#) }
                guard request.headers.first(name: "authorization") == "Bearer \(FakePPRO.key)" else { return (401, #"{"message":"Unauthorized"}"#) }
                let path = "/v1/payment-charges"
                if request.method == "POST" { return FakePPRO.create(request, &state) }
                if request.target.hasPrefix(path + "?merchantPaymentChargeReference=") {
                    let reference = request.target.split(separator: "=").last.map(String.init)
                    let found = state.charges.filter { $0.value.reference == reference }.map { FakePPRO.json($0.key, $0.value) }
                    return (200, #"{"data":[\#(found.joined(separator: ","))]}"#)
                }
                let id = String(request.target.dropFirst(path.count + 1))
                return state.charges[id].map { (200, FakePPRO.json(id, $0)) } ?? (404, #"{"status":404,"failureMessage":"not found"}"#)
            }
        }
    }
}

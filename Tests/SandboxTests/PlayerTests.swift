import NIOCore
import NIOHTTP1
import NIOPosix
import PaymentCore
import Provider
import Synchronization
import Testing
import TestSupport

@testable import Sandbox

/// A receiver of webhooks that verifies, fails on demand and remembers.
private final class FakeReceiver: Sendable {
    struct State {
        var seen: Set<String> = []
        var order: [String] = []
        var failuresLeft: Int
        var schemes: Set<String> = []
    }

    let state: Mutex<State>
    private let verifier = SignatureVerifier(secrets: [SigningSecret("ppro")], legacy: .accept, tolerance: SignatureTolerance())

    init(failures: Int) { state = Mutex(State(failuresLeft: failures)) }

    func answer(_ head: HTTPRequestHead, _ body: [UInt8]) -> (HTTPResponseStatus, String) {
        let headers = SignatureHeaders(current: head.headers["PPRO-Signature"], legacy: head.headers["Webhook-Signature"])
        guard case .success(let signature) = verifier.verify(body: body, headers: headers, now: WallClock.now()) else { return (.unauthorized, "{}") }
        let id = EventDecoder.decode(body: body, receivedAt: WallClock.now()).identity.id
        return state.withLock { state in
            if state.failuresLeft > 0 {
                state.failuresLeft -= 1
                return (.serviceUnavailable, #"{"error":"overloaded"}"#)
            }
            state.schemes.insert(signature.scheme.rawValue)
            state.order.append(id)
            return state.seen.insert(id).inserted ? (.accepted, #"{"status":"accepted"}"#) : (.ok, #"{"status":"duplicate"}"#)
        }
    }

    /// One request after the other on a connection.
    final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let receiver: FakeReceiver
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ receiver: FakeReceiver) { self.receiver = receiver }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let received): (head, body) = (received, [])
            case .body(let bytes): body += bytes.readableBytesView
            case .end:
                guard let head else { return }
                let (status, text) = receiver.answer(head, body)
                let response = HTTPResponseHead(version: .http1_1, status: status, headers: ["Content-Length": String(text.utf8.count)])
                context.write(wrapOutboundOut(.head(response)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }

    func bind(port: Int = 0) async throws -> any Channel {
        try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(self))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
    }
}

@Suite struct PlayerTests {
    private struct Play {
        var lives = 6
        var repeats = 1
        var isShuffled = false
        var scheme = WebhookSender.Scheme.current
        var delays = RetryDelays(baseMilliseconds: 1)
        var connections = 4
    }

    private func run(_ play: Play, port: Int, acknowledgements: LineFile? = nil) async throws -> PlaySummary {
        let settings = LifeTests.settings
        let plan = PlayPlan(lives: play.lives, repeats: play.repeats, shuffleSeed: play.isShuffled ? 42 : nil) { settings.outcome(ofLife: $0).steps.count }
        let events = (0..<play.lives).reduce(0) { $0 + settings.outcome(ofLife: $1).steps.count }
        let sender = WebhookSender(secret: SigningSecret("ppro"), scheme: play.scheme, connections: play.connections)
        let ledger = PlayLedger(
            lanes: plan.laneCount, summary: PlaySummary(events: events, sends: events * play.repeats), acknowledgements: acknowledgements)
        let player = Player(
            settings: settings, plan: plan, delays: play.delays, connections: play.connections, sender: sender,
            url: "http://127.0.0.1:\(port)/webhooks/ppro", pacer: Pacer(rate: nil), ledger: ledger)
        try await player.run()
        await sender.close()
        return await ledger.summary
    }

    @Test(arguments: [(WebhookSender.Scheme.current, "PPRO-Signature"), (.legacy, "Webhook-Signature"), (.both, "PPRO-Signature")])
    func everySchemeIsAccepted(scheme: WebhookSender.Scheme, deciding: String) async throws {
        let receiver = FakeReceiver(failures: 0)
        let channel = try await receiver.bind()
        let summary = try await run(Play(scheme: scheme), port: try #require(channel.localAddress?.port))
        try await channel.close()
        #expect(summary.accepted == 20)
        #expect(summary.notAcknowledged == 0)
        #expect(receiver.state.withLock(\.schemes) == [deciding])
    }

    @Test func repeatsAreDuplicatesAndTheAckFileNamesEachEventOnce() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let receiver = FakeReceiver(failures: 5)
        let channel = try await receiver.bind()
        let file = try LineFile(path: directory.file("ack.tsv"))
        let summary = try await run(Play(repeats: 3, isShuffled: true), port: try #require(channel.localAddress?.port), acknowledgements: file)
        try await channel.close()
        #expect(summary.accepted == 20)
        #expect(summary.duplicates == 40)
        #expect(summary.refused == [503: 5])
        #expect(summary.attempts == 65)
        let expected = (0..<6).flatMap { Life($0, of: LifeTests.settings).events.map { "\($0.identity.source)\t\($0.identity.id)" } }
        #expect(try directory.read("ack.tsv").split(separator: "\n").map(String.init).sorted() == expected.sorted())
    }

    @Test func oneConnectionKeepsTheOrderOfALife() async throws {
        let receiver = FakeReceiver(failures: 3)
        let channel = try await receiver.bind()
        _ = try await run(Play(lives: 3, connections: 1), port: try #require(channel.localAddress?.port))
        try await channel.close()
        #expect(receiver.state.withLock(\.order) == (0..<3).flatMap { Life($0, of: LifeTests.settings).events.map(\.identity.id) })
    }

    @Test func aRefusedConnectionIsRepeatedUntilTheAttemptsAreUsedUp() async throws {
        // A port that was free a moment ago another test may have taken; nobody takes this one.
        let summary = try await run(Play(lives: 1, delays: RetryDelays(baseMilliseconds: 1, attempts: 3)), port: 1)
        #expect(summary.unanswered == ["connection refused": 12])
        #expect(summary.notAcknowledged == 4)
    }
}

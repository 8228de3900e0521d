import Dispatch
import EventStore
import Logging
import NIOCore
import NIOPosix
import PaymentCore
import Synchronization
import Testing
import TestSupport

@testable import Receiver

/// A receiver on a free port with a real store in a directory of its own, and a way to make requests for it.
struct TestServer {
    static let secret = SigningSecret("a signing secret")
    /// What the server's clock says, always.
    static let now = Instant(milliseconds: 1_780_000_000_000)

    let server: ReceiverServer
    let store: EventStore
    let port: Int

    /// Runs `body` against a server, stops it and removes everything.
    static func run(
        limits: RequestLimits = RequestLimits(), storeLimits: EventStore.Limits = .init(), verifier: SignatureVerifier = SignatureVerifier(secrets: [secret]),
        identity: TLSIdentity? = nil, proxies: TrustedProxies = .none,
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), _ body: (TestServer) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let store = try EventStore.open(path: directory.path + "/terima.db", limits: patient(storeLimits))
        defer { store.close() }
        let server = try await ReceiverServer.start(
            group: .singletonMultiThreadedEventLoopGroup, binding: .address(host: "127.0.0.1", port: 0), store: store, verifier: verifier,
            identity: identity, proxies: proxies, limits: patient(limits), now: { now }, logger: logger)
        let port = try #require(server.localAddress?.port)
        do {
            try await body(TestServer(server: server, store: store, port: port))
        } catch {
            try await server.stop(within: .zero)
            throw error
        }
        try await server.stop(within: .zero)
    }

    /// A busy machine is no slow client: only a test that sets a deadline of its own meets it.
    private static func patient(_ limits: RequestLimits) -> RequestLimits {
        let standard = RequestLimits()
        var patient = limits
        if limits.headerTimeout == standard.headerTimeout { patient.headerTimeout = .minutes(10) }
        if limits.requestTimeout == standard.requestTimeout { patient.requestTimeout = .minutes(10) }
        if limits.idleTimeout == standard.idleTimeout { patient.idleTimeout = .minutes(10) }
        if limits.answerTimeout == standard.answerTimeout { patient.answerTimeout = .minutes(10) }
        return patient
    }

    private static func patient(_ limits: EventStore.Limits) -> EventStore.Limits {
        var patient = limits
        patient.waitingMilliseconds = 600_000
        return patient
    }

    func connect() async throws -> RawClient { try await RawClient(port: port) }

    var lastSeq: Int64 { store.statistics().lastSeq }

    /// One request on a connection of its own.
    func answer(to request: String, withoutBody: Bool = false) async throws -> RawClient.Answer {
        var client = try await RawClient(port: port, closesWithServer: false)
        try await client.send(request)
        let answer = try await client.answer(withoutBody: withoutBody)
        try await client.close()
        return answer
    }

    /// A POST of `body` with a right signature, unless another is given.
    static func webhook(_ body: String, signature: String? = nil, fields: [String] = []) -> String {
        let signature = signature ?? PPROSigner.current(body: Array(body.utf8), secret: secret, at: now)
        let lines = ["Host: shop.example", "PPRO-Signature: \(signature)", "Content-Length: \(body.utf8.count)"] + fields
        return post(fields: lines) + body
    }

    /// A POST up to the end of its header.
    static func post(fields: [String]) -> String {
        (["POST /webhooks/ppro HTTP/1.1"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    static func get(_ target: String, method: String = "GET", version: String = "1.1", fields: [String] = []) -> String {
        (["\(method) \(target) HTTP/\(version)", "Host: shop.example"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }
}

extension TestServer {
    /// Runs `body` while the store's writer is busy with something else; `release` lets it go on.
    func whileStoreIsHeld(_ body: (_ release: () -> Void) async throws -> Void) async throws {
        let hold = DispatchSemaphore(value: 0)
        let (held, isHeld) = AsyncStream.makeStream(of: Void.self)
        async let holding: Void = store.writeAsync("hold") { _ in
            isHeld.finish()
            hold.wait()
        }
        for await _ in held {}
        defer { hold.signal() }
        try await body { hold.signal() }
        hold.signal()
        try await holding
    }
}

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import PaymentCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Signs webhooks and posts them.
struct WebhookSender: Sendable {
    /// Which headers are signed.
    enum Scheme: String, CaseIterable, Sendable { case current, legacy, both }

    let url: String
    let secret: SigningSecret
    let scheme: Scheme
    private let client: HTTPClient

    /// The longest an attempt may take.
    private static let timeout = TimeAmount.seconds(30)
    /// Answers are short; more than this is not read.
    private static let maximumAnswerBytes = 64 << 10

    /// - Parameter connections: how many requests may be under way at once.
    /// - Throws: `SandboxError` when `url` is no HTTP URL.
    init(url: String, secret: SigningSecret, scheme: Scheme, connections: Int) throws(SandboxError) {
        do { _ = try HTTPClient.Request(url: url) } catch { throw SandboxError("\(url) is no URL that can be posted to: \(error).") }
        self.url = url
        self.secret = secret
        self.scheme = scheme
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // A refused connection is an answer that the play wants to see, and repeats by its own schedule.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Ends the connections. Nothing can be sent afterwards.
    func close() async { try? await client.shutdown() }

    /// One attempt. The signature's time is that of the attempt.
    func send(_ body: [UInt8], now: Instant) async -> WebhookReply {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        if scheme != .legacy {
            request.headers.add(name: SignatureScheme.current.rawValue, value: PPROSigner.current(body: body, secret: secret, at: now))
        }
        if scheme != .current {
            request.headers.add(name: SignatureScheme.legacy.rawValue, value: PPROSigner.legacy(body: body, secret: secret))
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await client.execute(request, timeout: Self.timeout)
            let answer = try await response.body.collect(upTo: Self.maximumAnswerBytes)
            return WebhookReply(status: Int(response.status.code), body: Array(answer.readableBytesView))
        } catch {
            return .unanswered(Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError: error.shortDescription
        case is NIOConnectionError: "connection refused"
        case let error as IOError: error.errnoCode == ECONNREFUSED ? "connection refused" : "connection reset"
        default: String(describing: error)
        }
    }
}

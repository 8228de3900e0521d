import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
package import PaymentCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Signs webhooks and posts them.
package struct WebhookSender: Sendable {
    /// Which headers are signed.
    package enum Scheme: String, CaseIterable, Sendable { case current, legacy, both }

    private let secret: SigningSecret
    private let scheme: Scheme
    private let client: HTTPClient

    /// The longest an attempt may take.
    private static let timeout = TimeAmount.seconds(30)
    /// Answers are short; more than this is not read.
    private static let maximumAnswerBytes = 64 << 10

    /// - Parameter connections: how many requests may be under way at once to one host.
    package init(secret: SigningSecret, scheme: Scheme, connections: Int) {
        self.secret = secret
        self.scheme = scheme
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // A refused connection is an answer; the sender's own schedule says when to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        // One loop for requests and connections: with two, AsyncHTTPClient (as of 1.37) can end the process when an answer comes early and the connection closes.
        client = HTTPClient(eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup.next()), configuration: configuration)
    }

    /// False for what is no HTTP URL.
    package static func canPost(to url: String) -> Bool { (try? HTTPClient.Request(url: url)) != nil }

    /// Ends the connections. Nothing can be sent afterwards.
    package func close() async { try? await client.shutdown() }

    /// One attempt. The signature's time is that of the attempt.
    /// - Parameters:
    ///   - body: What is signed.
    ///   - damaged: What is sent in its place, for trouble on demand.
    package func send(_ body: [UInt8], damaged: [UInt8]? = nil, to url: String, now: Instant) async -> WebhookReply {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        if scheme != .legacy {
            request.headers.add(name: SignatureScheme.current.rawValue, value: PPROSigner.current(body: body, secret: secret, at: now))
        }
        if scheme != .current {
            request.headers.add(name: SignatureScheme.legacy.rawValue, value: PPROSigner.legacy(body: body, secret: secret))
        }
        request.body = .bytes(ByteBuffer(bytes: damaged ?? body))
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
        default: String(describing: type(of: error))
        }
    }
}

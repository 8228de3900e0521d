import AsyncHTTPClient
package import NIOCore
import NIOHTTP1
package import NIOSSL
package import PaymentCore
import Synchronization

/// Sends over HTTP/1.1. Nothing is followed and nothing is trusted: no redirect (it would carry the signed body elsewhere), no proxy, no decompression, one
/// deadline for the whole attempt, and at most 64 KiB of an answer's body that nobody reads anyway.
package final class HTTPSender: Sender {
    /// Of an answer's body; then the connection is closed. The status counts all the same.
    package static let maximumAnswerBytes = 64 * 1024
    /// Of everything that comes back for one request: the body in chunks as small as they may be, and a head.
    package static let maximumBytesOnTheWire = 512 * 1024

    private let client: HTTPClient
    /// By endpoint. The others use the client's own.
    private let tls: Mutex<[String: TLSConfiguration]>

    /// - Parameters:
    ///   - group: The event loops to run on.
    ///   - connectTimeoutMilliseconds: For one connection, name look-up and TLS included; the attempt's own deadline may come first.
    ///   - maximumConnectionsPerHost: At least the attempts that can be under way at once to one host over all endpoints, or they wait for each other.
    ///   - authorities: By endpoint: who vouches for its certificate. The system's authorities for an endpoint that is not in here.
    package init(
        group: any EventLoopGroup, connectTimeoutMilliseconds: Int64 = 5_000, maximumConnectionsPerHost: Int = 1024,
        authorities: [String: [NIOSSLCertificate]] = [:]
    ) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        configuration.proxy = nil
        configuration.timeout = .init(connect: .milliseconds(connectTimeoutMilliseconds))
        // Below the 5 s after which common servers close an idle connection: a request that meets the closing is a failed attempt.
        configuration.connectionPool.idleTimeout = .seconds(4)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = maximumConnectionsPerHost
        // The retry schedule decides when to try again, and the attempt is to say why it failed.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.tlsConfiguration = Self.tls(authorities: nil)
        // The only way in that the client has. It is called on the connection's event loop before the first request.
        configuration.http1_1ConnectionDebugInitializer = { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                // Behind TLS, before HTTP.
                let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
                try pipeline.addHandler(AnswerLimit(maximumBytes: Self.maximumBytesOnTheWire), position: .before(encoder))
            }
        }
        // One loop for requests and connections. With two AsyncHTTPClient (as of 1.37) can end the process: an answer that comes before the request's end is noted
        // as sent completes the call, and if the connection is closed then, its late release finds no connection.
        client = HTTPClient(eventLoopGroupProvider: .shared(group.next()), configuration: configuration)
        tls = Mutex(authorities.mapValues(Self.tls(authorities:)))
    }

    /// Who vouches for the endpoints' certificates from the next new connection on. A connection that is open is not used for another attempt of an endpoint whose
    /// authorities have changed.
    package func replaceAuthorities(_ authorities: [String: [NIOSSLCertificate]]) {
        let next = authorities.mapValues(Self.tls(authorities:))
        tls.withLock { $0 = next }
    }

    /// How an endpoint's certificate is checked: its name, its time, and that one of `authorities` vouches for it (nil: one of the system's).
    package static func tls(authorities: [NIOSSLCertificate]?) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let authorities { configuration.trustRoots = .certificates(authorities) }
        // A shop that hangs does not answer the farewell either, and an orderly stop waits for it.
        configuration.shutdownTimeout = .seconds(1)
        return configuration
    }

    package func send(_ request: OutgoingRequest, completion: @escaping @Sendable (AttemptResult) -> Void) -> Cancellation {
        let prepared: HTTPClient.Request
        do {
            let headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
            prepared = try HTTPClient.Request(
                url: request.url, method: .POST, headers: headers, body: .bytes(request.body),
                tlsConfiguration: tls.withLock { $0[request.endpoint] })
        } catch {
            completion(.failed(TransportFailure(error)))
            return Cancellation {}
        }
        let answer = AnswerDelegate(maximumBodyBytes: Self.maximumAnswerBytes)
        let deadline = NIODeadline.now() + .milliseconds(request.timeoutMilliseconds)
        let task = client.execute(request: prepared, delegate: answer, deadline: deadline)
        task.futureResult.whenComplete { result in
            switch result {
            case .success(let answered): completion(answered)
            case .failure(let error): completion(answer.resultAfterCut(error) ?? .failed(TransportFailure(error)))
            }
        }
        return Cancellation { task.cancel() }
    }

    /// Breaks off what is under way and closes every connection. Call once, before the event loops go.
    package func shutdown() async {
        // It can only fail when called twice.
        try? await client.shutdown()
    }
}

import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One attempt of one call over HTTP/1.1. Nothing is followed (a redirect would carry the key elsewhere), no proxy, no decompression, one deadline for all of
/// it, and at most 1 MiB of an answer.
struct HTTPExchange: Sendable {
    static let maximumAnswerBytes = 1024 * 1024

    private let settings: PPROSettings
    private let client: HTTPClient
    /// Every request and its connection run on this one loop. With two loops AsyncHTTPClient (as of 1.37) can end the process: an answer that comes before the
    /// request's end is noted as sent completes the call, and if the connection is closed then, its late release finds no connection.
    private let loop: any EventLoop

    init(settings: PPROSettings, group: any EventLoopGroup) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        configuration.proxy = nil
        configuration.timeout = .init(connect: .milliseconds(settings.connectTimeoutMilliseconds))
        configuration.connectionPool.idleTimeout = .seconds(4)
        // The retry plan decides when to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        self.settings = settings
        loop = group.next()
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    func send(_ call: PPROCall, key: PPROKey, timeoutMilliseconds: Int64) async -> Result<PPROAnswer, ExchangeFailure> {
        do {
            let request = try request(call, key)
            let collector = AnswerCollector(maximumBytes: Self.maximumAnswerBytes)
            let task = client.execute(
                request: request, delegate: collector, eventLoop: .delegateAndChannel(on: loop), deadline: .now() + .milliseconds(timeoutMilliseconds))
            let answer = try await withTaskCancellationHandler {
                try await task.futureResult.get()
            } onCancel: {
                task.cancel()
            }
            return .success(answer)
        } catch {
            return .failure(ExchangeFailure(error))
        }
    }

    /// Breaks off what is under way and closes every connection. Call once, before the event loops go.
    func shutdown() async {
        // It can only fail when called twice.
        try? await client.shutdown()
    }

    private func request(_ call: PPROCall, _ bearer: PPROKey) throws -> HTTPClient.Request {
        var headers: HTTPHeaders = [
            "Authorization": bearer.authorization, "Merchant-Id": settings.merchantId, "Accept": "application/json", "User-Agent": "terima",
        ]
        let url = settings.baseURL + call.target
        switch call.method {
        case .get:
            return try HTTPClient.Request(url: url, method: .GET, headers: headers)
        case .post(let body, let key):
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Request-Idempotency-Key", value: key.text)
            return try HTTPClient.Request(url: url, method: .POST, headers: headers, body: .bytes(body))
        }
    }
}

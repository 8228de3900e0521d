import NIOHTTP1
import NIOPosix
import NIOSSL
import PaymentCore
import TestSupport
import Testing

@testable import Worker

@Suite struct HTTPSenderTests {
    /// A sender for one test; shut down at its end.
    private func withSender<Result: Sendable>(
        connectTimeoutMilliseconds: Int64 = 5000, authorities: [String: [NIOSSLCertificate]] = [:], _ body: (HTTPSender) async throws -> Result
    ) async throws -> Result {
        let sender = HTTPSender(
            group: MultiThreadedEventLoopGroup.singleton, connectTimeoutMilliseconds: connectTimeoutMilliseconds, authorities: authorities)
        do {
            let result = try await body(sender)
            await sender.shutdown()
            return result
        } catch {
            await sender.shutdown()
            throw error
        }
    }

    private func result(
        of answer: TestShop.Answer, timeoutMilliseconds: Int64 = 15_000
    ) async throws -> (result: AttemptResult, shop: TestShop) {
        let shop = try await TestShop.start { _ in answer }
        let result = try await withSender { await $0.send(to: shop.url, timeoutMilliseconds: timeoutMilliseconds) }
        await shop.stop()
        return (result, shop)
    }

    @Test func sendsExactlyWhatItIsGiven() async throws {
        let shop = try await TestShop.start { _ in .status(204) }
        let body = [UInt8](0...255)
        let result = try await withSender {
            await $0.send(to: shop.url + "/a?b=c", headers: [("webhook-id", "ntf_1"), ("Content-Type", "application/cloudevents+json")], body: body)
        }
        #expect(result == .answered(status: 204, retryAfter: nil))
        let received = try #require(await shop.received.first { _ in true })
        #expect(received.body == body)
        #expect(received.path == "/hook/a?b=c")
        #expect(received.header("webhook-id") == "ntf_1")
        #expect(received.header("content-type") == "application/cloudevents+json")
        #expect(received.header("content-length") == "256")
        #expect(received.header("accept-encoding") == nil)
        await shop.stop()
    }

    @Test(arguments: [200, 299, 404, 410, 500, 503]) func aStatusIsAnAnswer(_ status: Int) async throws {
        #expect(try await result(of: .status(status)).result == .answered(status: status, retryAfter: nil))
    }

    @Test func retryAfterIsHandedOn() async throws {
        #expect(try await result(of: .status(503, headers: [("retry-after", "7")])).result == .answered(status: 503, retryAfter: "7"))
    }

    @Test(arguments: [301, 302, 307, 308]) func aRedirectIsNotFollowed(_ status: Int) async throws {
        let target = try await TestShop.start { _ in .status(200) }
        let shop = try await TestShop.start { _ in .status(status, headers: [("Location", target.url)]) }
        let result = try await withSender { await $0.send(to: shop.url) }
        #expect(result == .answered(status: status, retryAfter: nil))
        // Whatever the target had received would have been received before this.
        let direct = try await withSender { await $0.send(to: target.url, headers: [("x-direct", "yes")]) }
        #expect(direct == .answered(status: 200, retryAfter: nil))
        #expect(await target.received.first { _ in true }?.header("x-direct") == "yes")
        await shop.stop()
        await target.stop()
    }

    @Test func aBodyWithoutEndIsCutOffAndItsStatusCounts() async throws {
        let (result, shop) = try await result(of: .endless(status: 201))
        #expect(result == .answered(status: 201, retryAfter: nil))
        // The connection was closed under the shop.
        #expect(await shop.cutOff.first { _ in true } != nil)
    }

    @Test func aBodyUpToTheLimitIsReadToItsEnd() async throws {
        let body = String(repeating: "x", count: HTTPSender.maximumAnswerBytes)
        #expect(try await result(of: .status(200, body: body)).result == .answered(status: 200, retryAfter: nil))
    }

    @Test func interimAnswersWithoutEndAreNotWaitedFor() async throws {
        let (result, shop) = try await result(of: .interim)
        #expect(result == .failed(.answerTooLarge))
        #expect(await shop.cutOff.first { _ in true } != nil)
    }

    @Test func silenceEndsAtTheDeadline() async throws {
        #expect(try await result(of: .silence, timeoutMilliseconds: 50).result == .failed(.timeout))
    }

    @Test func halfAnAnswerEndsAtTheDeadline() async throws {
        #expect(try await result(of: .half(status: 200), timeoutMilliseconds: 50).result == .failed(.timeout))
    }

    @Test func aConnectionThatIsClosedIsReset() async throws {
        #expect(try await result(of: .hangUp).result == .failed(.connectionReset))
    }

    @Test func anEndInTheMiddleIsAReset() {
        #expect(TransportFailure(HTTPParserError.invalidEOFState) == .connectionReset)
        #expect(TransportFailure(NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake]))) == .connectionReset)
        #expect(TransportFailure(NIOSSLError.handshakeFailed(.sslError([]))) == .tlsError)
    }

    @Test func whatIsNotHTTPIsNoAnswer() async throws {
        #expect(try await result(of: .garbage).result == .failed(.invalidResponse))
    }

    @Test func aClosedPortRefuses() async throws {
        let result = try await withSender { await $0.send(to: "http://127.0.0.1:1/") }
        #expect(result == .failed(.connectionRefused))
    }

    @Test func aNameThatIsNotThereIsNotFound() async throws {
        // RFC 6761: `.invalid` never resolves.
        let result = try await withSender { await $0.send(to: "http://shop.invalid/hook") }
        #expect(result == .failed(.nameNotFound))
    }

    @Test func plainHTTPIsNoTLS() async throws {
        let shop = try await TestShop.start { _ in .status(200) }
        let result = try await withSender { await $0.send(to: "https://127.0.0.1:\(shop.port)/hook") }
        #expect(result == .failed(.tlsError))
        await shop.stop()
    }

    /// A shop with a certificate for `localhost` that vouches for itself.
    private func startTLS() async throws -> (shop: TestShop, certificate: NIOSSLCertificate) {
        let certificate = try NIOSSLCertificate(bytes: Array(SelfSigned.certificate.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(SelfSigned.key.utf8), format: .pem)
        let tls = try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
        return (try await TestShop.start(tls: tls) { _ in .status(204) }, certificate)
    }

    @Test func aCertificateNobodyVouchesForIsRefused() async throws {
        let (shop, certificate) = try await startTLS()
        let url = "https://localhost:\(shop.port)/hook"
        #expect(try await withSender { await $0.send(to: url) } == .failed(.tlsUntrusted))
        // Trusted for another endpoint it is not trusted for this one.
        #expect(try await withSender(authorities: ["other": [certificate]]) { await $0.send(to: url) } == .failed(.tlsUntrusted))
        await shop.stop()
    }

    @Test func aCertificateOfTheEndpointsOwnAuthorityIsGoodForItsName() async throws {
        let (shop, certificate) = try await startTLS()
        try await withSender(authorities: ["shop": [certificate]]) { sender in
            #expect(await sender.send(to: "https://localhost:\(shop.port)/hook") == .answered(status: 204, retryAfter: nil))
            #expect(await sender.send(to: "https://127.0.0.1:\(shop.port)/hook") == .failed(.tlsWrongHost))
        }
        await shop.stop()
    }

    @Test func authoritiesCountFromTheNextAttemptOn() async throws {
        let (shop, certificate) = try await startTLS()
        let url = "https://localhost:\(shop.port)/hook"
        try await withSender { sender in
            #expect(await sender.send(to: url) == .failed(.tlsUntrusted))
            sender.replaceAuthorities(["shop": [certificate]])
            #expect(await sender.send(to: url) == .answered(status: 204, retryAfter: nil))
            // The connection is open still, and is not used.
            sender.replaceAuthorities([:])
            #expect(await sender.send(to: url) == .failed(.tlsUntrusted))
        }
        await shop.stop()
    }

    @Test(arguments: ["", "not a url", "ftp://shop.test/", "http://"]) func aBadURLFailsAtOnce(_ url: String) async throws {
        let result = try await withSender { await $0.send(to: url) }
        #expect(result == .failed(.other))
    }

    @Test func cancelEndsAnAttempt() async throws {
        let shop = try await TestShop.start { _ in .silence }
        let result = try await withSender { sender in
            await withCheckedContinuation { continuation in
                let cancellation = sender.send(.to(shop.url)) { continuation.resume(returning: $0) }
                Task {
                    _ = await shop.received.first { _ in true }
                    cancellation.cancel()
                }
            }
        }
        #expect(result == .failed(.canceled))
        await shop.stop()
    }
}

extension OutgoingRequest {
    static func to(
        _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = Array("{}".utf8), timeoutMilliseconds: Int64 = 15_000
    ) -> OutgoingRequest {
        OutgoingRequest(endpoint: "shop", url: url, headers: headers, body: body, timeoutMilliseconds: timeoutMilliseconds)
    }
}

extension HTTPSender {
    func send(
        to url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = Array("{}".utf8), timeoutMilliseconds: Int64 = 15_000
    ) async -> AttemptResult {
        await withCheckedContinuation { continuation in
            _ = send(.to(url, headers: headers, body: body, timeoutMilliseconds: timeoutMilliseconds)) { continuation.resume(returning: $0) }
        }
    }
}

import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import PaymentCore
import Synchronization
import TestSupport
import Testing

@testable import Provider

/// Through real sockets.
@Suite struct ServerTests {
    private static let secret = SigningSecret("ppro")
    /// A clock that stands still: nothing is due by itself.
    private static let still: @Sendable () -> Instant = { Rig.start }

    private func settings(_ change: (inout ProviderSettings) -> Void = { _ in }) -> ProviderSettings {
        var settings = ProviderSettings(
            key: ProviderKey(Rig.key), signingSecret: Self.secret, scheme: .both, limit: RateLimit(perSecond: 1_000), seed: 1)
        change(&settings)
        return settings
    }

    /// Runs a server while `body` runs, and insists that it stops when it is told to.
    private func serving<Result: Sendable>(
        _ settings: ProviderSettings, now: @escaping @Sendable () -> Instant = still, _ body: @Sendable (String) async throws -> Result
    ) async throws -> Result {
        let (addresses, found) = AsyncStream.makeStream(of: String.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = ProviderServer(settings: settings, host: "127.0.0.1", port: 0, now: now, logger: logger)
        let running = Task {
            defer { found.finish() }
            try await server.run { found.yield($0) }
        }
        defer { running.cancel() }
        var iterator = addresses.makeAsyncIterator()
        let address = try #require(await iterator.next())
        let result = try await body("http://\(address)/")
        running.cancel()
        _ = await running.result
        return result
    }

    private struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var text: String
    }

    private func ask(
        _ url: String, _ method: HTTPMethod = .GET, body: String? = nil, key: String? = nil, isAuthorized: Bool = true
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = method
        if isAuthorized {
            request.headers.add(name: "authorization", value: "Bearer \(Rig.key)")
            request.headers.add(name: "merchant-id", value: ProviderRules.defaultMerchantId)
        }
        if let key { request.headers.add(name: "request-idempotency-key", value: key) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        return Answer(status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes))
    }

    private func key(_ number: Int) -> String { "00000000-0000-4000-8000-00000000000\(number)" }

    @Test func aPaymentFromOrderToCapture() async throws {
        let hook = try await Hook.start()
        var settings = settings()
        settings.rules.webhooksUrl = hook.url
        // Its time runs on with every look at it, so that nobody has to wait.
        let ticks = AsyncNumbers()
        let clock: @Sendable () -> Instant = { Rig.start.advanced(byMilliseconds: Int64(ticks.next()) * 50) }
        let charge = try await serving(settings, now: clock) { base in
            let created = try await ask(base + "v1/payment-charges", .POST, body: Orders.jeniusPay(), key: key(1))
            #expect(created.status == 200)
            #expect(created.headers.first(name: "content-type") == "application/json")
            let charge = try RemoteCharge(try JSONDocument.parse(Array(created.text.utf8)).root)
            let link = try #require(charge.authenticationLink?.url)
            #expect(link.hasPrefix(base + "wallet/"))
            let page = try await ask(link, isAuthorized: false)
            #expect(page.status == 200 && page.text.contains("10,000.00"))
            #expect(page.headers.first(name: "content-type") == "text/html; charset=utf-8")
            #expect(try await ask(link, .HEAD, isAuthorized: false).status == 200)
            let types = Mutex<[String]>([])
            var approved = false
            let verifier = SignatureVerifier(secrets: [Self.secret])
            for await webhook in hook.received {
                let headers = SignatureHeaders(current: webhook.headers["PPRO-Signature"], legacy: webhook.headers["Webhook-Signature"])
                #expect(headers.current.count == 1 && headers.legacy.count == 1)
                if case .failure(let failure) = verifier.verify(body: webhook.body, headers: headers, now: Rig.start) { Issue.record(failure) }
                let type = try JSONDocument.parse(webhook.body).root["type"]?.string ?? ""
                types.withLock { $0.append(String(type.dropFirst(15))) }
                if type == "PAYMENT_CHARGE_AUTHENTICATION_PENDING", !approved {
                    approved = true
                    let answer = try await post(link, "decision=approve")
                    #expect(answer.status == 303 && answer.headers.first(name: "location") == Orders.returnUrl)
                }
                if type == "PAYMENT_CHARGE_CAPTURE_SUCCEEDED" { break }
            }
            #expect(types.withLock { $0 } == ["CREATED", "AUTHENTICATION_PENDING", "AUTHORIZATION_SUCCEEDED", "CAPTURE_SUCCEEDED"])
            let end = try await ask(base + "v1/payment-charges/\(charge.id)")
            return try RemoteCharge(try JSONDocument.parse(Array(end.text.utf8)).root)
        }
        #expect(charge.status == .captured)
        await hook.stop()
    }

    /// Without following where it leads.
    private func post(_ url: String, _ form: String) async throws -> Answer {
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.body = .bytes(ByteBuffer(string: form))
        let response = try await client.execute(request, timeout: .seconds(30))
        let answer = Answer(status: Int(response.status.code), headers: response.headers, text: "")
        _ = try await response.body.collect(upTo: 1 << 20)
        try await client.shutdown()
        return answer
    }

    @Test func aWebhookComesAgainUntilItIsTaken() async throws {
        let hook = try await Hook.start { $0 <= 2 ? .internalServerError : .ok }
        var settings = settings { $0.scheme = .current }
        settings.rules.webhooksUrl = hook.url
        settings.rules.timeScale = 0.0001
        let ticks = AsyncNumbers()
        try await serving(settings, now: { Rig.start.advanced(byMilliseconds: Int64(ticks.next())) }) { base in
            _ = try await ask(base + "v1/payment-charges", .POST, body: Orders.mock("requiresCapture=true"), key: key(1))
            var ids: [String: Int] = [:]
            var last: [UInt8]?
            for await webhook in hook.received {
                #expect(webhook.headers["Webhook-Signature"].isEmpty)
                let id = try JSONDocument.parse(webhook.body).root["id"]?.string ?? ""
                ids[id, default: 0] += 1
                last = webhook.body
                if ids.values.reduce(0, +) == 4 { break }
            }
            // CREATED and AUTHORIZATION_SUCCEEDED, each refused once.
            #expect(ids.values.sorted() == [2, 2])
            #expect(last != nil)
        }
        await hook.stop()
    }

    @Test func twoAtOnceWithOneKeyCreateOneCharge() async throws {
        let statuses = try await serving(settings { $0.latencyMilliseconds = 300 }) { base in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await ask(base + "v1/payment-charges", .POST, body: Orders.mock(), key: key(1)).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
        }
        #expect(statuses.count { $0 == 200 } >= 1)
        #expect(statuses.allSatisfy { $0 == 200 || $0 == 409 })
    }

    @Test func bodiesAreBounded() async throws {
        let large = #"{"paymentMethod":"\#(String(repeating: "x", count: ProviderResponder.maximumBodyBytes))"}"#
        let (answer, log) = try await serving(settings()) { base in
            let answer = try await ask(base + "v1/payment-charges", .POST, body: large, key: key(1))
            return (answer, try await ask(base + "sandbox/requests"))
        }
        #expect(answer.status == 413)
        #expect(try JSONDocument.parse(Array(log.text.utf8)).root["data"]?.elements.map { $0["path"]?.string } == ["/v1/payment-charges"])
        #expect(try JSONDocument.parse(Array(answer.text.utf8)).root["failureMessage"]?.string?.contains("65536") == true)
    }

    @Test func pathsAndParametersAreDecoded() async throws {
        let answers = try await serving(settings()) { base in
            let body = Orders.jeniusPay().replacing("attempt-1", with: "a b&c=ü/1")
            _ = try await ask(base + "v1/payment-charges", .POST, body: body, key: key(1))
            return [
                try await ask(base + "v1/payment-charges/?merchantPaymentChargeReference=a%20b%26c%3D%C3%BC%2F1"), try await ask(base + "v1//payment-charges"),
            ]
        }
        #expect(answers.map(\.status) == [200, 404])
        #expect(try JSONDocument.parse(Array(answers[0].text.utf8)).root["data"]?.elements.count == 1)
        for broken in ["/v1/%zz", "/v1/%", "/v1/%f", "/v1/%ff"] { #expect(ProviderResponder.path(broken) == nil) }
        #expect(ProviderResponder.path("/") == [] && ProviderResponder.path("/a/") == ["a"] && ProviderResponder.path("/%61//b") == ["a", "", "b"])
        #expect(ProviderResponder.query("a=%")?.count == nil)
    }

    @Test func aRestartWithAStateFileForgetsNothing() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        var settings = settings { $0.stateFile = directory.file("state.db") }
        // Nobody listens there: the webhooks are still to be sent when the first run ends.
        settings.rules.webhooksUrl = "http://127.0.0.1:1/"
        let (first, link) = try await serving(settings) { base in
            let answer = try await ask(base + "v1/payment-charges", .POST, body: Orders.jeniusPay(), key: key(1))
            let charge = try RemoteCharge(try JSONDocument.parse(Array(answer.text.utf8)).root)
            let link = try #require(charge.authenticationLink?.url)
            #expect(try await post(link, "decision=approve").status == 303)
            return (answer, link)
        }
        let token = try #require(link.split(separator: "/").last)
        try await serving(settings) { base in
            let again = try await ask(base + "v1/payment-charges", .POST, body: Orders.jeniusPay(), key: key(1))
            #expect(again.headers.first(name: "request-idempotency") == "true")
            #expect(again.text == first.text)
            #expect(try await ask(base + "wallet/\(token)", isAuthorized: false).text.contains("Payment approved"))
            let webhooks = try JSONDocument.parse(Array(try await ask(base + "sandbox/webhooks").text.utf8)).root["data"]?.elements ?? []
            #expect(webhooks.map { $0["state"]?.string } == ["waiting", "waiting", "waiting"])
        }
    }

    @Test func anAddressThatIsTakenIsAnError() async throws {
        try await serving(settings()) { base in
            let port = try #require(base.dropLast().split(separator: ":").last.flatMap { Int($0) })
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let second = ProviderServer(settings: settings(), host: "127.0.0.1", port: port, now: Self.still, logger: logger)
            await #expect(throws: (any Error).self) { try await second.run { _ in } }
        }
    }
}

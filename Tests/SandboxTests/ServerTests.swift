import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import PaymentCore
import Provider
import Testing

@testable import Sandbox

/// Through real sockets.
@Suite struct ServerTests {
    /// Runs a server while `body` runs.
    private func serving<Result: Sendable>(_ shop: Shop, _ body: @Sendable (String) async throws -> Result) async throws -> Result {
        let server = try await ShopServer(host: "127.0.0.1", port: 0, shop: shop)
        let serving = Task { try await server.run() }
        let result: Result
        do { result = try await body("http://\(server.address)/hooks") } catch {
            serving.cancel()
            throw error
        }
        serving.cancel()
        _ = await serving.result
        return result
    }

    private func post(_ url: String, _ request: Shop.Request?, method: HTTPMethod = .POST) async throws -> (Int, String) {
        var outgoing = HTTPClientRequest(url: url)
        outgoing.method = method
        if let request {
            for id in request.ids { outgoing.headers.add(name: "Webhook-Id", value: id) }
            for timestamp in request.timestamps { outgoing.headers.add(name: "webhook-timestamp", value: timestamp) }
            for signature in request.signatures { outgoing.headers.add(name: "webhook-signature", value: signature) }
            outgoing.body = .bytes(ByteBuffer(bytes: request.body))
        }
        let response = try await HTTPClient.shared.execute(outgoing, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 65536)
        return (Int(response.status.code), String(decoding: body.readableBytesView, as: UTF8.self))
    }

    @Test func theShopAnswersOverHTTP() async throws {
        let shop = Shop(secrets: [Sent.secret], report: ShopReport(isJSON: true) { _ in }, now: { Sent.now })
        let request = Sent.request(Sent.charge("CAPTURED", version: 1, previous: nil))
        var large = request
        large.body = [UInt8](repeating: 0x20, count: (1 << 20) + 1)
        let answers = try await serving(shop) { [large] url in
            [
                try await post(url, request), try await post(url, request), try await post(url, nil), try await post(url, nil, method: .GET),
                try await post(url, large),
            ]
        }
        #expect(answers.map(\.0) == [200, 200, 401, 405, 413])
        #expect(answers.prefix(3).map(\.1) == [#"{"status":"accepted"}"#, #"{"status":"duplicate"}"#, #"{"error":"signature_missing"}"#])
    }

    /// The shop knows nothing of PPRO's signature, so it refuses all that a player sends: seen from the player.
    @Test func aPlayReportsWhatWasRefused() async throws {
        let shop = Shop(secrets: [Sent.secret], report: ShopReport(isJSON: true) { _ in }, now: { Sent.now })
        let summary = try await serving(shop) { url in
            let settings = LifeTests.settings
            let sender = WebhookSender(secret: SigningSecret("s"), scheme: .both, connections: 2)
            let ledger = PlayLedger(lanes: 2, summary: PlaySummary(events: 7, sends: 7), acknowledgements: nil)
            let player = Player(
                settings: settings, plan: PlayPlan(lives: 2, repeats: 1, shuffleSeed: nil) { settings.outcome(ofLife: $0).steps.count },
                delays: RetryDelays(), connections: 2, sender: sender, url: url, pacer: Pacer(rate: nil), ledger: ledger)
            try await player.run()
            await sender.close()
            #expect(await ledger.failures.count == 7)
            return await ledger.summary
        }
        #expect(summary.refused == [401: 7])
        #expect(summary.attempts == 7)
        #expect(summary.notAcknowledged == 7)
    }

    @Test func aPortThatIsTakenIsNamed() async throws {
        let shop = Shop(secrets: [Sent.secret], report: ShopReport(isJSON: true) { _ in }, now: { Sent.now })
        let server = try await ShopServer(host: "127.0.0.1", port: 0, shop: shop)
        let serving = Task { try await server.run() }
        let port = try #require(server.address.split(separator: ":").last.flatMap { Int($0) })
        await #expect(throws: SandboxError.self) { _ = try await ShopServer(host: "127.0.0.1", port: port, shop: shop) }
        serving.cancel()
        _ = await serving.result
    }
}

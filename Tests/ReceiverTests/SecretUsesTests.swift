import Logging
import PaymentCore
import Testing
import TestSupport

@testable import Receiver

@Suite(.timeLimit(.minutes(5))) struct SecretUsesTests {
    @Test func theLastUseIsKeptToTheSecond() {
        let uses = SecretUses([nil, Instant(milliseconds: 7_000)])
        #expect(uses.last == [nil, Instant(milliseconds: 7_000)])
        uses.note(0, at: Instant(milliseconds: 12_345))
        uses.note(1, at: Instant(milliseconds: 6_999))
        uses.note(2, at: Instant(milliseconds: 1))
        uses.note(-1, at: Instant(milliseconds: 1))
        #expect(uses.last == [Instant(milliseconds: 12_000), Instant(milliseconds: 6_000)])
    }

    /// A rotation: the new secret is put beside the old one, both hold, then the old one goes. Each keeps its own time, whatever its position.
    @Test func aRotationKeepsWhatIsKnown() async throws {
        let (old, new) = (TestServer.secret, SigningSecret("another signing secret"))
        func signed(_ id: String, _ secret: SigningSecret) -> String {
            let body = Bodies.charge(id: id)
            return TestServer.webhook(body, signature: PPROSigner.current(body: Array(body.utf8), secret: secret, at: TestServer.now))
        }
        try await TestServer.run { test in
            #expect(test.server.secretUses == [nil])
            let first = try await test.answer(to: signed("evt_1", old))
            #expect(first.status == 202)
            #expect(try await test.answer(to: signed("evt_2", new)).status == 401)
            #expect(test.server.secretUses == [TestServer.now])
            test.server.replaceVerifier(SignatureVerifier(secrets: [new, old]))
            #expect(test.server.secretUses == [nil, TestServer.now])
            #expect(try await test.answer(to: signed("evt_2", new)).status == 202)
            #expect(try await test.answer(to: signed("evt_3", old)).status == 202)
            #expect(test.server.secretUses == [TestServer.now, TestServer.now])
            test.server.replaceVerifier(SignatureVerifier(secrets: [new]))
            #expect(test.server.secretUses == [TestServer.now])
            #expect(try await test.answer(to: signed("evt_4", old)).status == 401)
            // A repeat holds as well as a first.
            #expect(try await test.answer(to: signed("evt_2", new)).status == 200)
        }
    }

    @Test func theSenderBehindAProxyIsNamed() async throws {
        let lines = LineRecorder()
        let proxies = TrustedProxies(["127.0.0.0/8"].compactMap(AddressRange.init))
        try await TestServer.run(proxies: proxies, logger: Logger(label: "test", factory: { _ in lines })) { test in
            let forged = TestServer.webhook(Bodies.charge(), signature: "t=1,s=00", fields: ["X-Forwarded-For: 1.1.1.1, 198.51.100.7"])
            let refused = try await test.answer(to: forged)
            #expect(refused.status == 401)
            #expect(lines.lines == ["Requests refused from=198.51.100.7 signature_malformed=1"])
            // It decides nothing: what is signed is taken, whoever is said to have sent it.
            #expect(try await test.answer(to: TestServer.webhook(Bodies.charge(), fields: ["X-Forwarded-For: x"])).status == 202)
        }
    }
}

import Logging
import NIOCore
import NIOSSL
import PaymentCore
import Testing
import TestSupport

@testable import Receiver

/// The receiver over TLS.
@Suite(.timeLimit(.minutes(5))) struct TLSTests {
    private static func identity(
        _ certificate: String = TestCertificates.server, _ key: String = TestCertificates.serverKey, clientAuthorities: String? = nil
    ) throws -> TLSIdentity {
        try TLSIdentity(certificates: Array(certificate.utf8), key: Array(key.utf8), clientAuthorities: clientAuthorities.map { Array($0.utf8) })
    }

    /// A client that trusts the tests' authority.
    private static func client(
        _ version: TLSVersion? = nil, certificate: String? = nil, key: String = "", protocols: [String] = []
    ) throws -> NIOSSLContext {
        var settings = TLSConfiguration.makeClientConfiguration()
        settings.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(TestCertificates.authority.utf8)))
        settings.minimumTLSVersion = version ?? .tlsv12
        settings.maximumTLSVersion = version
        settings.applicationProtocols = protocols
        if let certificate {
            settings.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map { .certificate($0) }
            settings.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))
        }
        return try NIOSSLContext(configuration: settings)
    }

    @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
    func aWebhookIsTaken(version: TLSVersion) async throws {
        try await TestServer.run(identity: try Self.identity()) { test in
            var client = try await RawClient(port: test.port, encryption: try Self.client(version, protocols: ["h2", "http/1.1"]))
            for number in 0..<3 {
                try await client.send(TestServer.webhook(Bodies.charge(id: "evt_\(number)")))
                #expect(try await client.answer().status == 202)
            }
            #expect(try await client.version == version)
            // The last answer is whole, and TLS's goodbye follows it: an end without one would be an error here.
            try await client.send(TestServer.get("/healthz", fields: ["Connection: close"]))
            #expect(try await client.answer().status == 200)
            #expect(try await client.end() == "")
            #expect(test.lastSeq == 3)
            #expect(test.server.counters.snapshot().refused.isEmpty)
        }
    }

    @Test func olderVersionsAreRefused() async throws {
        try await TestServer.run(identity: try Self.identity()) { test in
            var client = try await RawClient(port: test.port, encryption: try Self.client(.tlsv11))
            await #expect(throws: (any Error).self) { try await client.end() }
            // The client may know before it is counted.
            try await test.server.stop()
            #expect(test.server.counters.snapshot().refused == [.tlsHandshakeFailed: 1])
        }
    }

    /// A refusal that leaves a body unread ends the connection in the same good order as without TLS.
    @Test func aRefusalIsReadToItsEnd() async throws {
        var limits = RequestLimits()
        limits.headerTimeout = .milliseconds(200)
        try await TestServer.run(limits: limits, identity: try Self.identity()) { test in
            var unread = try await RawClient(port: test.port, encryption: try Self.client())
            try await unread.send(TestServer.get("/x", method: "POST", fields: ["Content-Length: 500000"]) + String(repeating: "x", count: 100_000))
            #expect(try await unread.answer().status == 404)
            #expect(try await unread.end() == "")
            var slow = try await RawClient(port: test.port, encryption: try Self.client())
            try await slow.send("POST /webh")
            #expect(try await slow.answer().status == 408)
            #expect(try await slow.end() == "")
        }
    }

    /// With TLS's goodbye and without.
    @Test(arguments: [true, false]) func aClientThatSaysNoMoreGetsItsAnswer(politely: Bool) async throws {
        try await TestServer.run(identity: try Self.identity()) { test in
            var client = try await RawClient(port: test.port, closesWithServer: false, encryption: try Self.client())
            try await test.whileStoreIsHeld { release in
                try await client.send(TestServer.webhook(Bodies.charge()))
                if politely { try await client.sendEnd() } else { try await client.cut() }
                release()
            }
            #expect(try await client.answer().status == 202)
            try await client.close()
        }
    }

    /// Nothing, and two parts of a handshake: none holds a connection for longer than a header may take.
    @Test func aHandshakeThatDoesNotEndIsGivenUp() async throws {
        var limits = RequestLimits()
        limits.headerTimeout = .milliseconds(50)
        try await TestServer.run(limits: limits, identity: try Self.identity()) { test in
            for bytes: [UInt8] in [[], [0x16, 0x03, 0x01], [0x16, 0x03, 0x01, 0x40, 0x00, 0x01]] {
                var client = try await test.connect()
                // On a busy machine the connection may be gone before it is used.
                if !bytes.isEmpty { try? await client.send(bytes) }
                #expect(try await client.end() == "")
            }
            #expect(test.server.counters.snapshot().refused.isEmpty)
        }
    }

    @Test func aSilentClientIsClosedWithAGoodbye() async throws {
        var limits = RequestLimits()
        limits.idleTimeout = .milliseconds(50)
        try await TestServer.run(limits: limits, identity: try Self.identity()) { test in
            var client = try await RawClient(port: test.port, encryption: try Self.client())
            #expect(try await client.end() == "")
        }
    }

    @Test func plainHTTPIsClosedAndCounted() async throws {
        let lines = LineRecorder()
        try await TestServer.run(identity: try Self.identity(), logger: Logger(label: "test", factory: { _ in lines })) { test in
            var client = try await test.connect()
            try await client.send(TestServer.webhook(Bodies.charge()))
            // Perhaps an alert of TLS, never an answer.
            let said = try await client.end()
            #expect(!said.contains("HTTP"))
            #expect(test.server.counters.snapshot().refused == [.tlsHandshakeFailed: 1])
            #expect(lines.lines == ["Requests refused from=127.0.0.1 tls_handshake_failed=1"])
            // Who looks whether the port is open is no failure.
            try await test.connect().close()
            var next = try await RawClient(port: test.port, encryption: try Self.client())
            try await next.send(TestServer.webhook(Bodies.charge()))
            #expect(try await next.answer().status == 202)
            #expect(test.server.counters.snapshot().refused == [.tlsHandshakeFailed: 1])
        }
    }

    @Test func newConnectionsGetTheNewCertificate() async throws {
        try await TestServer.run(identity: try Self.identity()) { test in
            let request = TestServer.get("/healthz")
            var before = try await RawClient(port: test.port, encryption: try Self.client())
            try await before.send(request)
            _ = try await before.answer()
            test.server.replaceIdentity(try Self.identity(TestCertificates.renewed, TestCertificates.renewedKey))
            var after = try await RawClient(port: test.port, encryption: try Self.client())
            try await after.send(request)
            _ = try await after.answer()
            // What is open stays open.
            try await before.send(request)
            #expect(try await before.answer().status == 200)
            let (server, renewed) = (Array(TestCertificates.server.utf8), Array(TestCertificates.renewed.utf8))
            #expect(try await before.serverCertificate == NIOSSLCertificate.fromPEMBytes(server).first)
            #expect(try await after.serverCertificate == NIOSSLCertificate.fromPEMBytes(renewed).first)
        }
    }

    @Test func aServerWithoutTLSIsNotGivenAny() async throws {
        try await TestServer.run { test in
            test.server.replaceIdentity(try Self.identity())
            #expect(test.server.identity == nil)
            #expect(try await test.answer(to: TestServer.get("/healthz")).status == 200)
        }
    }

    @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
    func onlyClientsOfTheAuthorityAreServed(version: TLSVersion) async throws {
        try await TestServer.run(identity: try Self.identity(clientAuthorities: TestCertificates.authority)) { test in
            let ours = try Self.client(version, certificate: TestCertificates.client, key: TestCertificates.clientKey)
            var client = try await RawClient(port: test.port, encryption: ours)
            try await client.send(TestServer.webhook(Bodies.charge()))
            #expect(try await client.answer().status == 202)
            let stranger = try Self.client(version, certificate: TestCertificates.stranger, key: TestCertificates.strangerKey)
            for context in [stranger, try Self.client(version)] {
                var refused = try await RawClient(port: test.port, encryption: context)
                // With TLS 1.3 the client learns only after its first request that it was refused.
                try? await refused.send(TestServer.webhook(Bodies.charge(id: "evt_refused")))
                await #expect(throws: (any Error).self) { try await refused.answer() }
            }
            try await test.server.stop()
            #expect(test.server.counters.snapshot().refused == [.tlsHandshakeFailed: 2])
            #expect(test.lastSeq == 1)
        }
    }

    @Test func whatIsNoIdentityIsRefused() throws {
        func fault(_ certificate: String, _ key: String, _ authorities: String? = nil) -> String {
            do {
                _ = try Self.identity(certificate, key, clientAuthorities: authorities)
                return "none"
            } catch {
                return "\(error)"
            }
        }
        let (certificate, key) = (TestCertificates.server, TestCertificates.serverKey)
        #expect(fault("", key) == "certificate")
        #expect(fault("no certificate", key) == "certificate")
        #expect(fault(certificate.replacing("M", with: "N"), key) == "certificate")
        #expect(fault(key, key) == "certificate")
        #expect(fault(certificate, "") == "key")
        #expect(fault(certificate, certificate) == "key")
        #expect(fault(certificate, TestCertificates.encryptedKey) == "keyEncrypted")
        #expect(fault(certificate, TestCertificates.renewedKey) == "keyOfAnother")
        #expect(fault(certificate, key, "") == "clientAuthorities")
        #expect(fault(certificate, key, key) == "clientAuthorities")
        let identity = try Self.identity(certificate + "\n" + TestCertificates.authority)
        #expect(identity.notBefore.iso8601 == "2000-01-01T00:00:00.000Z")
        #expect(identity.notAfter.iso8601 == "2125-01-01T00:00:00.000Z")
    }
}

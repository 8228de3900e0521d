import EventStore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import PaymentCore
import Synchronization
import Testing
import TestSupport

@testable import Receiver

/// Everything but webhooks: the other answers, the listener, the end.
@Suite(.timeLimit(.minutes(5))) struct ServiceTests {
    @Test func healthIsAnswered() async throws {
        try await TestServer.run { test in
            let answer = try await test.answer(to: TestServer.get("/healthz"))
            #expect(answer.status == 200)
            #expect(answer.body == #"{"status":"ok"}"#)
            let head = try await test.answer(to: TestServer.get("/healthz", method: "HEAD"), withoutBody: true)
            #expect(head.status == 200)
            #expect(head.fields["content-length"] == "15")
        }
    }

    @Test func anUnwellStoreIsAnUnwellService() {
        let answer = ReceiverAnswer(StoreHealth.unwell(reason: "storage_full", sentence: "No space left on /dev/\"x\""))
        let text = String(buffer: answer.bytes(closing: false, withoutBody: false))
        #expect(text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(text.hasSuffix("\r\n\r\n" + #"{"status":"unwell","reason":"storage_full"}"#))
    }

    @Test func elsewhereIsNothing() async throws {
        try await TestServer.run { test in
            let answer = try await test.answer(to: TestServer.get("/"))
            #expect(answer.status == 404)
            #expect(answer.body == #"{"error":"not_found"}"#)
            #expect(!answer.closes)
            // A body that nobody reads ends the connection.
            var client = try await test.connect()
            try await client.send(TestServer.get("/x", method: "POST", fields: ["Content-Length: 5"]) + "12345")
            let unread = try await client.answer()
            #expect(unread.status == 404)
            #expect(unread.closes)
            #expect(try await client.end() == "")
        }
    }

    @Test func otherMethodsAreToldWhichThereAre() async throws {
        try await TestServer.run { test in
            let webhook = try await test.answer(to: TestServer.get("/webhooks/ppro"))
            #expect(webhook.status == 405)
            #expect(webhook.body == #"{"error":"method_not_allowed"}"#)
            #expect(webhook.fields["allow"] == "POST, OPTIONS")
            let health = try await test.answer(to: TestServer.get("/healthz", method: "DELETE"))
            #expect(health.status == 405)
            #expect(health.fields["allow"] == "GET, HEAD, OPTIONS")
            let head = try await test.answer(to: TestServer.get("/webhooks/ppro", method: "HEAD"), withoutBody: true)
            #expect(head.status == 405)
            #expect(test.server.counters.snapshot().refused == [.methodNotAllowed: 3])
        }
    }

    @Test func theHandshakeIsMade() async throws {
        try await TestServer.run { test in
            let fields = ["WebHook-Request-Origin: events.example.com", "WebHook-Request-Rate: 120"]
            let answer = try await test.answer(to: TestServer.get("/webhooks/ppro", method: "OPTIONS", fields: fields))
            #expect(answer.status == 200)
            #expect(answer.fields["webhook-allowed-origin"] == "events.example.com")
            #expect(answer.fields["webhook-allowed-rate"] == "*")
            let plain = try await test.answer(to: TestServer.get("/webhooks/ppro", method: "OPTIONS"))
            #expect(plain.status == 204)
            #expect(plain.fields == ["allow": "POST, OPTIONS"])
            let unsound = try await test.answer(to: TestServer.get("/webhooks/ppro", method: "OPTIONS", fields: ["WebHook-Request-Origin: a\tb"]))
            #expect(unsound.status == 400)
            #expect(unsound.body == #"{"error":"origin_invalid"}"#)
            #expect(unsound.fields["webhook-allowed-origin"] == nil)
        }
    }

    @Test func everyRefusalHasItsBytes() {
        for refusal in Refusal.allCases {
            for closing in [false, true] {
                let answer = ReceiverAnswer.refused(refusal)
                let whole = String(buffer: answer.bytes(closing: closing, withoutBody: false))
                let body = #"{"error":"\#(refusal.code)"}"#
                #expect(whole.hasPrefix("HTTP/1.1 \(refusal.status.code) "))
                #expect(whole.hasSuffix("Content-Length: \(body.utf8.count)\r\n\r\n\(body)"))
                #expect(whole.contains("\r\nConnection: close\r\n") == closing)
                #expect(String(buffer: answer.bytes(closing: closing, withoutBody: true)) == String(whole.dropLast(body.count)))
            }
        }
        #expect(Set(Refusal.allCases.map(\.code)).count == Refusal.allCases.count)
    }

    @Test func stoppingLetsTheRequestUnderWayFinish() async throws {
        try await TestServer.run { test in
            let body = Bodies.charge()
            var busy = try await test.connect()
            try await busy.send(String(TestServer.webhook(body, fields: ["Expect: 100-continue"]).dropLast(body.count)))
            #expect(try await busy.answer().status == 100)
            var idle = try await test.connect()
            try await idle.send(TestServer.get("/healthz"))
            #expect(try await idle.answer().status == 200)

            async let stopped: Void = test.server.stop(within: .hours(1))
            // The idle connection ends: that is how we know that the server is stopping.
            #expect(try await idle.end() == "")
            await #expect(throws: (any Error).self) { try await test.connect() }
            try await busy.send(body + TestServer.get("/healthz"))
            let answer = try await busy.answer()
            #expect(answer.status == 202)
            #expect(answer.closes)
            #expect(try await busy.end() == "")
            try await stopped
            #expect(test.lastSeq == 1)
        }
    }

    /// Whoever sends a request just when the stop begins is not left without an answer.
    @Test func stoppingAnswersTheRequestOnItsWay() async throws {
        var limits = RequestLimits()
        limits.partingTimeout = .hours(1)
        try await TestServer.run(limits: limits) { test in
            var client = try await test.connect()
            try await client.send(TestServer.get("/healthz"))
            #expect(try await client.answer().closes == false)
            async let stopped: Void = test.server.stop(within: .hours(1))
            // Those that come before the stop has reached the connection are none of the last.
            var isLast = false
            while !isLast {
                try await client.send(TestServer.get("/healthz"))
                isLast = try await client.answer().closes
            }
            #expect(try await client.end() == "")
            try await stopped
        }
    }

    @Test func stoppingWaitsForTheStore() async throws {
        try await TestServer.run { test in
            var busy = try await test.connect()
            var idle = try await test.connect()
            try await idle.send(TestServer.get("/healthz"))
            #expect(try await idle.answer().status == 200)
            try await test.whileStoreIsHeld { release in
                // The answer to the first tells that the second is being read too: they come in one piece.
                try await busy.send(TestServer.get("/healthz") + TestServer.webhook(Bodies.charge()))
                #expect(try await busy.answer().status == 200)
                async let stopped: Void = test.server.stop(within: .hours(1))
                #expect(try await idle.end() == "")
                release()
                let answer = try await busy.answer()
                #expect(answer.status == 202)
                #expect(answer.closes)
                try await stopped
            }
        }
    }

    @Test func stoppingIsBounded() async throws {
        try await TestServer.run { test in
            var stuck = try await test.connect()
            try await stuck.send(TestServer.post(fields: ["Content-Length: 10", "Expect: 100-continue"]))
            #expect(try await stuck.answer().status == 100)
            try await test.server.stop(within: .milliseconds(50))
            #expect(try await stuck.end() == "")
            try await test.server.stop()
        }
    }

    @Test func connectionsBeyondTheLimitWaitTheirTurn() async throws {
        var limits = RequestLimits()
        limits.maximumConnections = 1
        try await TestServer.run(limits: limits) { test in
            var first = try await test.connect()
            try await first.send(TestServer.get("/healthz"))
            #expect(try await first.answer().status == 200)
            var second = try await test.connect()
            try await second.send(TestServer.get("/healthz"))
            try await first.send(TestServer.get("/healthz"))
            #expect(try await first.answer().status == 200)
            #expect(try await test.server.connectionCount() == 1)
            try await first.close()
            #expect(try await second.answer().status == 200)
            #expect(try await test.server.connectionCount() == 1)
        }
    }

    @Test func aSocketThatWasHandedOverIsServed() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let store = try EventStore.open(path: directory.path + "/terima.db")
        defer { store.close() }
        let (descriptor, port) = try ListeningSocket.open()
        let server = try await ReceiverServer.start(
            group: .singletonMultiThreadedEventLoopGroup, binding: .descriptor(descriptor), store: store,
            verifier: SignatureVerifier(secrets: [TestServer.secret]), now: { TestServer.now },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let test = TestServer(server: server, store: store, port: port)
        #expect(try await test.answer(to: TestServer.webhook(Bodies.charge())).status == 202)
        try await server.stop()
    }

    /// At once the first is said, and of the rest as much in each second as came; by the clock of the test the second never ends.
    @Test func aFloodOfRefusalsIsAFewLines() async throws {
        let lines = LineRecorder()
        try await TestServer.run(logger: Logger(label: "test", factory: { _ in lines })) { test in
            var client = try await test.connect()
            for _ in 0..<50 {
                try await client.send(TestServer.webhook(Bodies.charge(), signature: "t=1,s=00"))
                #expect(try await client.answer().status == 401)
            }
            #expect(lines.lines.first == "Requests refused from=127.0.0.1 signature_malformed=1")
            try await test.server.stop()
            let said = lines.lines.compactMap { $0.split(separator: "=").last.flatMap { Int($0) } }
            #expect(said.reduce(0, +) == 50)
            let counters = test.server.counters.snapshot()
            #expect(counters.refused == [.signatureMalformed: 50])
            #expect(counters.unheard == 50)
            #expect(counters.lastUnheardAt == TestServer.now)
        }
    }

    /// With a wrong secret nothing is ever taken; among genuine webhooks a forged one is nothing to worry about.
    @Test func whatIsTakenEndsTheCountOfTheUnheard() async throws {
        try await TestServer.run { test in
            let forged = try await test.answer(to: TestServer.webhook(Bodies.charge(), signature: "t=1,s=00"))
            #expect(forged.status == 401)
            #expect(test.server.counters.snapshot().unheard == 1)
            let genuine = try await test.answer(to: TestServer.webhook(Bodies.charge()))
            #expect(genuine.status == 202)
            #expect(test.server.counters.snapshot().unheard == 0)
            #expect(test.server.counters.snapshot().lastUnheardAt == nil)
        }
    }
}

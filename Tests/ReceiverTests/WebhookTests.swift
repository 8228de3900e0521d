import EventStore
import NIOCore
import PaymentCore
import Testing

@testable import Receiver

/// What becomes of a webhook, through a real socket into a real database.
@Suite(.timeLimit(.minutes(5))) struct WebhookTests {
    private let accepted = #"{"status":"accepted"}"#

    @Test func aSignedEventIsStoredBeforeItIsAnswered() async throws {
        try await TestServer.run { test in
            let answer = try await test.answer(to: TestServer.webhook(Bodies.charge()))
            let rows = try Reader.open(path: test.store.path).events(EventFilter())
            #expect(answer.status == 202)
            #expect(answer.body == accepted)
            #expect(answer.fields["content-type"] == "application/json")
            #expect(!answer.closes)
            #expect(rows.map(\.id) == ["evt_1"])
            #expect(rows.map(\.receivedAt) == [TestServer.now])
        }
    }

    @Test func aRepeatIsADuplicateAndAnotherBodyAConflict() async throws {
        try await TestServer.run { test in
            _ = try await test.answer(to: TestServer.webhook(Bodies.charge()))
            let again = try await test.answer(to: TestServer.webhook(Bodies.charge()))
            #expect(again.status == 200)
            #expect(again.body == #"{"status":"duplicate"}"#)
            let other = try await test.answer(to: TestServer.webhook(Bodies.charge(reference: "order-2")))
            #expect(other.status == 200)
            #expect(other.body == #"{"status":"conflict"}"#)
            #expect(test.lastSeq == 1)
            #expect(test.server.counters.snapshot() == .init(accepted: 1, duplicates: 1, conflicts: 1))
        }
    }

    @Test func whatTheStoreTakesTooLongForIsAnsweredAllTheSame() async throws {
        var limits = RequestLimits()
        limits.answerTimeout = .milliseconds(20)
        try await TestServer.run(limits: limits) { test in
            var client = try await test.connect()
            try await test.whileStoreIsHeld { _ in
                try await client.send(TestServer.webhook(Bodies.charge()))
                let answer = try await client.answer()
                #expect(answer.status == 503)
                #expect(answer.body == #"{"error":"storage_unavailable"}"#)
                #expect(answer.fields["retry-after"] == "10")
                #expect(!answer.closes)
            }
            // It was stored afterwards: what 503 means is that nobody knew.
            _ = try await test.store.writeAsync("wait") { _ in }
            #expect(test.lastSeq == 1)
            // Its outcome has come to this connection's loop by now, and is no second answer.
            try await client.send(TestServer.get("/healthz"))
            #expect(try await client.answer().status == 200)
            #expect(test.server.counters.snapshot().refused == [.storageUnavailable: 1])
            #expect(test.server.counters.snapshot().accepted == 0)
        }
    }

    @Test func everyTypeIsTaken() async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            for type in EventType.allCases {
                try await client.send(TestServer.webhook(Bodies.of(type: type, id: type.rawValue)))
                let answer = try await client.answer()
                #expect(answer.status == 202, "\(type)")
            }
            let rows = try Reader.open(path: test.store.path).events(EventFilter())
            #expect(rows.count == EventType.allCases.count)
            #expect(rows.filter { $0.state != .received }.map(\.id) == [])
        }
    }

    @Test(arguments: ["", "{", "[1,2]", "\u{FEFF}{}", "plain words", #"{"type":"x"}"#, #"{"specversion":"2.0","source":"s","id":"i","type":"t","time":"now"}"#])
    func whatIsSignedButUnreadableIsStoredAllTheSame(body: String) async throws {
        try await TestServer.run { test in
            let answer = try await test.answer(to: TestServer.webhook(body, fields: ["Content-Type: text/plain", "ce-id: 5", "ce-type: x"]))
            #expect(answer.status == 202)
            let rows = try Reader.open(path: test.store.path).events(EventFilter())
            #expect(rows.map(\.state) == [.failed])
        }
    }

    @Test func bytesThatAreNoTextAreVerifiedAsTheyAre() async throws {
        try await TestServer.run { test in
            let body: [UInt8] = [0xff, 0x00, 0x0d, 0x0a, 0xc3]
            let signature = PPROSigner.current(body: body, secret: TestServer.secret, at: TestServer.now)
            var client = try await test.connect()
            try await client.send(Array(TestServer.post(fields: ["PPRO-Signature: \(signature)", "Content-Length: 5"]).utf8) + body)
            #expect(try await client.answer().status == 202)
            #expect(test.lastSeq == 1)
        }
    }

    struct Forgery: Sendable, CustomTestStringConvertible {
        var fields: [String]
        var code: String
        var testDescription: String { code }
    }

    private static let body = Bodies.charge()
    private static func right(at now: Instant = TestServer.now) -> String {
        PPROSigner.current(body: Array(body.utf8), secret: TestServer.secret, at: now)
    }
    private static let wrong = PPROSigner.current(body: Array(body.utf8), secret: SigningSecret("another"), at: TestServer.now)
    private static let legacy = PPROSigner.legacy(body: Array(body.utf8), secret: TestServer.secret)

    @Test(arguments: [
        Forgery(fields: [], code: "signature_missing"),
        Forgery(fields: ["PPRO-Signature: nonsense"], code: "signature_malformed"),
        Forgery(fields: ["PPRO-Signature: \(right())", "ppro-signature: \(right())"], code: "signature_malformed"),
        Forgery(fields: ["PPRO-Signature: \(right()),\(right())"], code: "signature_malformed"),
        Forgery(fields: ["PPRO-Signature: \(wrong)"], code: "signature_invalid"),
        Forgery(fields: ["PPRO-Signature: \(wrong)", "Webhook-Signature: \(legacy)"], code: "signature_invalid"),
        Forgery(fields: ["Webhook-Signature: \(legacy)", "webhook-signature: \(legacy)"], code: "signature_malformed"),
        Forgery(fields: ["PPRO-Signature: \(right(at: TestServer.now.advanced(byMilliseconds: -73 * 3_600_000)))"], code: "signature_stale"),
        Forgery(fields: ["PPRO-Signature: \(right(at: TestServer.now.advanced(byMilliseconds: 600_000)))"], code: "signature_stale"),
    ])
    func aForgeryIsRefusedAndNothingIsWritten(forgery: Forgery) async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            try await client.send(TestServer.post(fields: forgery.fields + ["Content-Length: \(Self.body.utf8.count)"]) + Self.body)
            let answer = try await client.answer()
            #expect(answer.status == 401)
            #expect(answer.body == #"{"error":"\#(forgery.code)"}"#)
            #expect(answer.fields["www-authenticate"] == "PPRO-Signature")
            #expect(!answer.closes)
            #expect(test.lastSeq == 0)
            let rows = try Reader.open(path: test.store.path).events(EventFilter())
            #expect(rows.isEmpty)
            // The connection is as good as before.
            try await client.send(TestServer.webhook(Self.body))
            #expect(try await client.answer().status == 202)
            let code = try #require(Refusal.allCases.first { $0.code == forgery.code })
            #expect(test.server.counters.snapshot() == .init(accepted: 1, refused: [code: 1]))
        }
    }

    @Test func theOldSchemeIsTakenUnlessItIsRefused() async throws {
        let request = TestServer.post(fields: ["Webhook-Signature: \(Self.legacy)", "Content-Length: \(Self.body.utf8.count)"]) + Self.body
        try await TestServer.run { test in
            let answer = try await test.answer(to: request)
            #expect(answer.status == 202)
        }
        try await TestServer.run(verifier: SignatureVerifier(secrets: [TestServer.secret], legacy: .refuse)) { test in
            let answer = try await test.answer(to: request)
            #expect(answer.body == #"{"error":"signature_missing"}"#)
        }
    }

    @Test func secretsAreReplacedWhileServing() async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            try await client.send(TestServer.webhook(Self.body, signature: Self.wrong))
            #expect(try await client.answer().status == 401)
            test.server.replaceVerifier(SignatureVerifier(secrets: [TestServer.secret, SigningSecret("another")]))
            try await client.send(TestServer.webhook(Self.body, signature: Self.wrong))
            #expect(try await client.answer().status == 202)
        }
    }

    @Test func tooManyWaitingIsAnsweredAtOnce() async throws {
        var limits = EventStore.Limits()
        limits.waitingEvents = 1
        try await TestServer.run(storeLimits: limits) { test in
            try await test.whileStoreIsHeld { release in
                try await withThrowingTaskGroup(of: RawClient.Answer.self) { group in
                    for id in ["evt_1", "evt_2"] {
                        group.addTask { try await test.answer(to: TestServer.webhook(Bodies.charge(id: id))) }
                    }
                    // One of them waits for the store; the other must not.
                    let refused = try await group.next()
                    #expect(refused?.status == 503)
                    #expect(refused?.body == #"{"error":"overloaded"}"#)
                    #expect(refused?.fields["retry-after"] == "1")
                    release()
                    #expect(try await group.next()?.status == 202)
                }
            }
            #expect(test.lastSeq == 1)
        }
    }

    @Test func aStoreThatCannotTakeItIsSaidSo() async throws {
        try await TestServer.run { test in
            test.store.close()
            let answer = try await test.answer(to: TestServer.webhook(Bodies.charge()))
            #expect(answer.status == 503)
            #expect(answer.body == #"{"error":"storage_unavailable"}"#)
            #expect(answer.fields["retry-after"] == "10")
        }
    }
}

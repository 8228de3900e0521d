import NIOCore
import PaymentCore
import Testing
import TestSupport

@testable import Receiver

/// Too much of what is no content, too much at once, and too much after the last word.
@Suite(.timeLimit(.minutes(5))) struct ExcessTests {
    private static let chunked = TestServer.post(fields: ["Transfer-Encoding: chunked"])
    private static let much = 80_000

    struct Excess: CustomTestStringConvertible {
        var testDescription: String
        var bytes: String
    }

    @Test(arguments: [
        // What the parser reads over without counting it; before a value it keeps it, too.
        Excess(testDescription: "spaces before a value that never comes", bytes: "POST /webhooks/ppro HTTP/1.1\r\nX:" + String(repeating: " ", count: much)),
        Excess(testDescription: "tabs before a value", bytes: "POST /webhooks/ppro HTTP/1.1\r\nX:" + String(repeating: "\t", count: much) + "x\r\n\r\n"),
        Excess(testDescription: "spaces before the version", bytes: "POST /webhooks/ppro" + String(repeating: " ", count: much)),
        Excess(testDescription: "empty lines", bytes: String(repeating: "\r\n", count: much / 2)),
        Excess(testDescription: "zeros of a chunk size", bytes: chunked + String(repeating: "0", count: much)),
        Excess(testDescription: "the name of a chunk extension", bytes: chunked + "1;" + String(repeating: "x", count: much)),
        Excess(testDescription: "the value of a chunk extension", bytes: chunked + "1;x=" + String(repeating: "y", count: much)),
        Excess(testDescription: "many chunk extensions", bytes: chunked + String(repeating: "1;x=yyyy\r\nz\r\n", count: much / 12)),
        Excess(testDescription: "spaces in a trailer", bytes: chunked + "0\r\nX:" + String(repeating: " ", count: much)),
        // What it counts.
        Excess(testDescription: "a long trailer", bytes: chunked + "0\r\nX: " + String(repeating: "x", count: 8193)),
        Excess(testDescription: "many trailers", bytes: chunked + "0\r\n" + (0..<64).map { "X-\($0): x\r\n" }.joined()),
    ])
    func whatIsNoContentIsBounded(excess: Excess) async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            try await client.send(excess.bytes)
            let answer = try await client.answer()
            #expect(answer.status == 431)
            #expect(answer.body == #"{"error":"headers_too_large"}"#)
            #expect(answer.closes)
            #expect(try await client.end() == "")
        }
    }

    @Test func smallChunksAreNotTooMuch() async throws {
        try await TestServer.run { test in
            let body = Bodies.charge() + String(repeating: " ", count: 5000)
            let bytes = Array(body.utf8)
            let signature = PPROSigner.current(body: bytes, secret: TestServer.secret, at: TestServer.now)
            let chunks = bytes.map { "1;x=y\r\n" + String(decoding: [$0], as: UTF8.self) + "\r\n" }.joined()
            var client = try await test.connect()
            // Nor are many such requests on one connection.
            for _ in 0..<4 {
                let head = TestServer.post(fields: ["PPRO-Signature: \(signature)", "Transfer-Encoding: chunked"])
                try await client.send(head + chunks.prefix(chunks.count / 2))
                try await client.send(chunks.dropFirst(chunks.count / 2) + "0\r\n\r\n")
                #expect([200, 202].contains(try await client.answer().status))
            }
            #expect(test.lastSeq == 1)
        }
    }

    @Test func chunksOfHTTP10AreRefused() async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            let chunked = "POST /webhooks/ppro HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n"
            try await client.send(chunked + TestServer.get("/healthz"))
            let answer = try await client.answer()
            #expect(answer.status == 400)
            #expect(answer.closes)
            #expect(try await client.end() == "")
        }
    }

    @Test func longBodiesShareOnePool() async throws {
        var limits = RequestLimits()
        limits.maximumCollectedBytes = 10_000
        try await TestServer.run(limits: limits) { test in
            var greedy = try await test.connect()
            try await greedy.send(TestServer.post(fields: ["Content-Length: 60000"]) + String(repeating: "x", count: 40_000))
            let answer = try await greedy.answer()
            #expect(answer.status == 503)
            #expect(answer.body == #"{"error":"overloaded"}"#)
            #expect(answer.fields["retry-after"] == "1")
            #expect(try await greedy.end() == "")
            // What one has let go, the next may have; and again.
            for number in 0..<3 {
                let body = Bodies.charge(id: "evt_\(number)") + String(repeating: " ", count: 24_000)
                #expect(try await test.answer(to: TestServer.webhook(body)).status == 202)
            }
        }
    }

    @Test func aClientThatGoesOnSendingIsCutOff() async throws {
        var limits = RequestLimits()
        limits.lingerTimeout = .hours(1)
        try await TestServer.run(limits: limits) { test in
            let client = try await RawClient(port: test.port, closesWithServer: false)
            // The client's end of it may be an error: it is cut off in the middle.
            try? await client.send(TestServer.post(fields: ["Content-Length: 4000000"]) + String(repeating: "x", count: 1_000_000))
            try await test.server.stop(within: .hours(1))
            try await client.close()
        }
    }

    @Test func whatFollowsTheLastRequestIsNotReadBeforeItsAnswer() async throws {
        var limits = RequestLimits()
        limits.lingerTimeout = .hours(1)
        try await TestServer.run(limits: limits) { test in
            var client = try await RawClient(port: test.port, closesWithServer: false)
            try await test.whileStoreIsHeld { release in
                try await client.send(TestServer.webhook(Bodies.charge(), fields: ["Connection: close"]) + String(repeating: "x", count: 40_000))
                release()
            }
            #expect(try await client.answer().status == 202)
            try await client.close()
        }
    }
}

import EventStore
import NIOCore
import PaymentCore
import Testing

@testable import Receiver

/// HTTP as clients really speak it: pipelined, in pieces, too slow, too much.
@Suite(.timeLimit(.minutes(5))) struct ConnectionTests {
    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            try await test.whileStoreIsHeld { release in
                let forged = TestServer.webhook(Bodies.charge(id: "evt_2"), signature: "t=1,s=00")
                // All but the webhooks are decided while the first is still waiting for the store.
                try await client.send(
                    TestServer.webhook(Bodies.charge(id: "evt_1")) + TestServer.get("/healthz") + forged + TestServer.get("/healthz", method: "HEAD")
                        + TestServer.webhook(Bodies.charge(id: "evt_3")) + TestServer.get("/nothing"))
                release()
            }
            var statuses: [Int] = []
            for position in 0..<6 { statuses.append(try await client.answer(withoutBody: position == 3).status) }
            #expect(statuses == [202, 200, 401, 200, 202, 404])
            #expect(test.lastSeq == 2)
        }
    }

    @Test func moreIsPipelinedThanMayWait() async throws {
        var limits = RequestLimits()
        limits.maximumUnanswered = 2
        try await TestServer.run(limits: limits) { test in
            var client = try await test.connect()
            let requests = (0..<200).map { TestServer.webhook(Bodies.charge(id: "evt_\($0)")) }.joined()
            try await client.send(requests)
            for _ in 0..<200 { #expect(try await client.answer().status == 202) }
            #expect(test.lastSeq == 200)
        }
    }

    @Test func aRequestMayComeInSingleBytes() async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            for byte in Array(TestServer.webhook(Bodies.charge()).utf8) { try await client.send([byte]) }
            #expect(try await client.answer().status == 202)
        }
    }

    @Test func aChunkedBodyIsPutTogether() async throws {
        try await TestServer.run { test in
            let body = Bodies.charge()
            let signature = PPROSigner.current(body: Array(body.utf8), secret: TestServer.secret, at: TestServer.now)
            var client = try await test.connect()
            try await client.send(TestServer.post(fields: ["PPRO-Signature: \(signature)", "Transfer-Encoding: chunked"]))
            let bytes = Array(body.utf8)
            for start in stride(from: 0, to: bytes.count, by: 7) {
                let piece = bytes[start..<min(start + 7, bytes.count)]
                try await client.send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8))
            }
            try await client.send("0\r\nTrailer: x\r\n\r\n")
            #expect(try await client.answer().status == 202)
            // The same bytes in one piece are the same event.
            try await client.send(TestServer.webhook(body))
            #expect(try await client.answer().body == #"{"status":"duplicate"}"#)
        }
    }

    @Test func aLengthOverTheLimitIsRefusedUnread() async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            try await client.send(TestServer.post(fields: ["PPRO-Signature: t=1,s=00", "Content-Length: \(256 * 1024 + 1)"]))
            let answer = try await client.answer()
            #expect(answer.status == 413)
            #expect(answer.body == #"{"error":"body_too_large"}"#)
            #expect(answer.closes)
            #expect(try await client.end() == "")
        }
    }

    @Test func theRefusalIsReadEvenByAClientThatSendsItsBodyFirst() async throws {
        var limits = RequestLimits()
        limits.lingerTimeout = .minutes(1)
        try await TestServer.run(limits: limits) { test in
            var client = try await RawClient(port: test.port, closesWithServer: false)
            try await client.send(TestServer.post(fields: ["Content-Length: 4000000"]) + String(repeating: "x", count: 40_000))
            #expect(try await client.answer().status == 413)
            try await client.close()
        }
    }

    @Test func theLongestBodyIsTaken() async throws {
        try await TestServer.run(limits: RequestLimits(maximumBodyBytes: 1)) { test in
            let body = String(repeating: " ", count: RequestLimits.leastMaximumBodyBytes)
            let longest = try await test.answer(to: TestServer.webhook(body))
            #expect(longest.status == 202)
            let longer = try await test.answer(to: TestServer.webhook(body + " "))
            #expect(longer.status == 413)
        }
    }

    @Test func aChunkedBodyThatGrowsTooLongIsRefused() async throws {
        try await TestServer.run(limits: RequestLimits(maximumBodyBytes: 65536)) { test in
            var client = try await test.connect()
            try await client.send(TestServer.post(fields: ["Transfer-Encoding: chunked"]))
            for _ in 0..<65 { try await client.send("400\r\n" + String(repeating: "x", count: 1024) + "\r\n") }
            let answer = try await client.answer()
            #expect(answer.status == 413)
            #expect(answer.closes)
            #expect(try await client.end() == "")
        }
    }

    @Test func theBodyIsAskedForOnlyWhenItWillBeRead() async throws {
        try await TestServer.run { test in
            let body = Bodies.charge()
            let whole = TestServer.webhook(body, fields: ["Expect: 100-continue"])
            var client = try await test.connect()
            try await client.send(String(whole.dropLast(body.count)))
            #expect(try await client.answer().status == 100)
            try await client.send(body)
            #expect(try await client.answer().status == 202)

            for (fields, status) in [(["Content-Length: 999999"], 413), (["Content-Length: 9", "Content-Encoding: gzip"], 415)] {
                var refused = try await test.connect()
                try await refused.send(TestServer.post(fields: fields + ["Expect: 100-continue"]))
                #expect(try await refused.answer().status == status)
                #expect(try await refused.end() == "")
            }
        }
    }

    @Test(arguments: [["Connection: close"], ["Upgrade: h2c", "Connection: Upgrade"]])
    func theConnectionEndsWhenTheClientWantsThat(fields: [String]) async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            try await client.send(TestServer.webhook(Bodies.charge(), fields: fields) + TestServer.get("/healthz"))
            let answer = try await client.answer()
            #expect(answer.status == 202)
            #expect(answer.closes)
            #expect(try await client.end() == "")
        }
    }

    @Test func http10IsAnsweredAndClosed() async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            try await client.send(TestServer.get("/healthz", version: "1.0", fields: ["Connection: keep-alive"]))
            let answer = try await client.answer()
            #expect(answer.status == 200)
            #expect(answer.closes)
            #expect(try await client.end() == "")
        }
    }

    @Test func aClientThatIsDoneSendingStillGetsItsAnswer() async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            try await test.whileStoreIsHeld { release in
                try await client.send(TestServer.webhook(Bodies.charge()))
                try await client.sendEnd()
                release()
            }
            #expect(try await client.answer().status == 202)
            #expect(try await client.end() == "")
        }
    }

    @Test func aClientThatIsGoneDoesNotHurt() async throws {
        try await TestServer.run { test in
            let (commits, committed) = AsyncStream.makeStream(of: Void.self)
            test.store.onCommit { _ in committed.finish() }
            let client = try await test.connect()
            try await test.whileStoreIsHeld { release in
                try await client.send(TestServer.webhook(Bodies.charge()))
                try await client.close()
                release()
            }
            for await _ in commits {}
            #expect(try await test.answer(to: TestServer.webhook(Bodies.charge())).body == #"{"status":"duplicate"}"#)
        }
    }

    @Test(arguments: [
        "NONSENSE\r\n\r\n", "GET /healthz HTTP/2.0\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /healthz HTTP/1.1\r\n: x\r\n\r\n", "POST /webhooks/ppro HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /webhooks/ppro HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /webhooks/ppro HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "POST /webhooks/ppro HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /webhooks/ppro HTTP/1.1\r\nTransfer-Encoding:\r\nContent-Length: 0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ])
    func whatIsNotHTTPIsRefused(bytes: String) async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            try await client.send(bytes)
            let answer = try await client.answer()
            #expect(answer.status == 400)
            #expect(answer.body == #"{"error":"bad_request"}"#)
            #expect(answer.closes)
            #expect(try await client.end() == "")
        }
    }

    @Test(arguments: [
        ["X: " + String(repeating: "x", count: 8193)],
        (0..<65).map { "X-\($0): x" },
        (0..<5).map { "X-\($0): " + String(repeating: "x", count: 7000) },
    ])
    func aHeaderThatIsTooMuchIsRefused(fields: [String]) async throws {
        try await TestServer.run { test in
            var client = try await test.connect()
            try await client.send(TestServer.post(fields: fields))
            let answer = try await client.answer()
            #expect(answer.status == 431)
            #expect(answer.body == #"{"error":"headers_too_large"}"#)
            #expect(try await client.end() == "")
        }
    }

    @Test(arguments: ["POST /webh", "POST /webhooks/ppro HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345"])
    func aRequestThatDoesNotComeToAnEndIsGivenUp(bytes: String) async throws {
        var limits = RequestLimits()
        limits.headerTimeout = .milliseconds(100)
        limits.requestTimeout = .milliseconds(100)
        try await TestServer.run(limits: limits) { test in
            var client = try await test.connect()
            try await client.send(bytes)
            let answer = try await client.answer()
            #expect(answer.status == 408)
            #expect(answer.body == #"{"error":"request_timeout"}"#)
            #expect(answer.closes)
            #expect(try await client.end() == "")
        }
    }

    @Test func aSilentConnectionIsClosedWithoutAWord() async throws {
        var limits = RequestLimits()
        limits.idleTimeout = .milliseconds(50)
        try await TestServer.run(limits: limits) { test in
            var client = try await test.connect()
            #expect(try await client.end() == "")
        }
    }

    @Test func aClientThatDoesNotCloseIsClosedInTheEnd() async throws {
        var limits = RequestLimits()
        limits.lingerTimeout = .milliseconds(50)
        try await TestServer.run(limits: limits) { test in
            var client = try await RawClient(port: test.port, closesWithServer: false)
            try await client.send(TestServer.get("/healthz", fields: ["Connection: close"]))
            #expect(try await client.answer().status == 200)
            try await test.server.stop(within: .hours(1))
            try await client.close()
        }
    }
}

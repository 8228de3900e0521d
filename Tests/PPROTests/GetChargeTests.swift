import NIOPosix
import PaymentCore
import Testing

@testable import PPRO

@Suite struct GetChargeTests {
    private func failure(
        _ script: [ScriptedAPI.Answer], adjust: (inout PPROSettings) -> Void = { _ in }
    ) async throws -> (error: AuthorityError, requests: Int, waits: [Int64]) {
        try await Rig.run(script, adjust: adjust) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in try await client.charge(id: "charge_1") }
            return (error, rig.api.received.count, rig.clock.waits)
        }
    }

    @Test func readsTheCharge() async throws {
        try await Rig.run([.json(Bodies.charge())]) { rig async throws in
            let charge = try #require(try await rig.client.charge(id: "charge_1"))
            #expect(charge.json == Array(Bodies.charge().utf8))
            let request = try #require(rig.api.received.first)
            #expect(request.method == "GET")
            #expect(request.target == "/v1/payment-charges/charge_1")
            #expect(request.header("merchant-id") == "merch_1")
            #expect(request.header("request-idempotency-key") == nil)
            #expect(request.body.isEmpty)
        }
    }

    @Test func whatPPRODoesNotKnowIsNil() async throws {
        try await Rig.run([.status(404, body: Bodies.error(404, "not found"))]) { rig async throws in
            #expect(try await rig.client.charge(id: "charge_1") == nil)
            #expect(rig.api.received.count == 1)
        }
    }

    @Test(arguments: ["", "charge_1/refunds", "..", "charge 1", "charge_1?x", "chargé", "%2e%2e", "a\r\nb", String(repeating: "a", count: 129)])
    func whatCanBeNoIDIsNotSent(_ id: String) async throws {
        try await Rig.run([.json(Bodies.charge())]) { rig async throws in
            #expect(try await rig.client.charge(id: id) == nil)
            #expect(rig.api.received.isEmpty)
        }
    }

    @Test func aWrongKeyIsNotTriedAgain() async throws {
        let result = try await failure([.status(401, body: #"{"message":"Unauthorized"}"#)])
        #expect(result.error == AuthorityError(code: "unauthorized", message: "get charge: PPRO answered 401: Unauthorized"))
        #expect(result.requests == 1)
    }

    @Test(arguments: [500, 502, 503, 504]) func serverErrorsAreTriedAgainAndEnd(_ status: Int) async throws {
        let result = try await failure([.status(status)])
        #expect(result.error == AuthorityError(code: "server_error", message: "get charge: PPRO answered \(status)"))
        #expect(result.requests == 5)
        #expect(result.waits == [250, 500, 1000, 2000])
    }

    @Test(arguments: [ScriptedAPI.Answer.status(504), .hangUp, .cut(status: 200, promised: 5000), .garbage])
    func troubleThatPassesIsNotSeen(_ trouble: ScriptedAPI.Answer) async throws {
        try await Rig.run([trouble, .json(Bodies.charge())]) { rig async throws in
            #expect(try await rig.client.charge(id: "charge_1")?.id == "charge_1")
            #expect(rig.api.received.count == 2)
        }
    }

    @Test(arguments: [400, 403, 408, 409, 410, 422]) func otherRefusalsAreNotTriedAgain(_ status: Int) async throws {
        let result = try await failure([.status(status)])
        #expect(result.error.code == (status == 403 ? "unauthorized" : "refused"))
        #expect(result.requests == 1)
    }

    @Test(arguments: [301, 302, 307, 308]) func aRedirectIsNotFollowed(_ status: Int) async throws {
        let target = try await ScriptedAPI.start([.json(Bodies.charge())])
        let result = try await failure([.status(status, headers: [("Location", target.url + "/v1/payment-charges/charge_1")])])
        #expect(result.error.code == "refused")
        #expect(target.received.isEmpty)
        await target.stop()
    }

    @Test(arguments: [
        "", "null", "[]", "{", "\u{FEFF}{}", #"{"id":"charge_1"}"#, #"{"id":"charge_1","id":"charge_1"}"#, "<html>busy</html>",
        Bodies.charge().replacing("9007199254740993", with: "1.0"), Bodies.charge().replacing("9007199254740993", with: "9223372036854775808"),
        Bodies.charge("charge_2"),
    ]) func whatCannotBeReadIsNoAnswer(_ body: String) async throws {
        let result = try await failure([.json(body)])
        #expect(result.error.code == "unreadable")
        #expect(!result.error.message.contains("busy"))
        #expect(result.requests == 1)
    }

    @Test func anAnswerWithoutEndIsGivenUp() async throws {
        let result = try await failure([.endless(status: 200)])
        #expect(result.error == AuthorityError(code: "unreadable", message: "get charge: the answer is longer than 1 MiB"))
        #expect(result.requests == 1)
    }

    @Test(arguments: [0, 1]) func oneMebibyteIsTheLimit(_ excess: Int) async throws {
        let charge = Bodies.charge()
        let body = charge + String(repeating: " ", count: 1024 * 1024 - charge.utf8.count + excess)
        try await Rig.run([.json(body)]) { rig async throws in
            if excess == 0 {
                #expect(try await rig.client.charge(id: "charge_1")?.id == "charge_1")
            } else {
                let error = try await rig.failure { client throws(AuthorityError) in try await client.charge(id: "charge_1") }
                #expect(error.code == "unreadable")
            }
        }
    }

    @Test func silenceEndsEachAttempt() async throws {
        let result = try await failure([.silence]) { settings in
            settings.attemptTimeoutMilliseconds = 20
            settings.retryPlan.maximumAttempts = 2
        }
        #expect(result.error == AuthorityError(code: "timeout", message: "get charge: no answer in time"))
        #expect(result.waits == [250])
    }

    @Test func theWholeCallEndsInTime() async throws {
        // 10 and 20 seconds fit into a minute, another 40 would not.
        let result = try await failure([.status(503)]) { settings in
            settings.retryPlan = RetryPlan(firstDelayMilliseconds: 20_000, maximumDelayMilliseconds: 80_000)
        }
        #expect(result.error.code == "server_error")
        #expect(result.waits == [10_000, 20_000])
        #expect(result.requests == 3)
    }

    /// Nobody listens on port 1, no resolver takes a name with an empty label, and the scripted API knows no TLS.
    @Test func theReasonOfNoConnectionIsTold() async throws {
        let api = try await ScriptedAPI.start([.status(200)])
        for (url, failure) in [
            ("http://127.0.0.1:1", ExchangeFailure.notConnected), ("https://ppro..test", .nameNotFound), ("https://127.0.0.1:\(api.port)", .tls),
        ] {
            let settings = try PPROSettings(baseURL: url, key: try #require(PPROKey("k")), merchantId: "m")
            let exchange = HTTPExchange(settings: settings, group: MultiThreadedEventLoopGroup.singleton)
            let result = await exchange.send(PPROCall(purpose: "get charge", method: .get, target: "/"), key: settings.key, timeoutMilliseconds: 10_000)
            #expect(result == .failure(failure), "\(url)")
            await exchange.shutdown()
        }
        await api.stop()
    }

    @Test func givenUpWhileWaiting() async throws {
        try await Rig.run([.status(503)]) { rig async throws in
            rig.clock.cancelWaits()
            let error = try await rig.failure { client throws(AuthorityError) in try await client.charge(id: "charge_1") }
            #expect(error.code == "canceled")
            #expect(rig.api.received.count == 1)
        }
    }

    @Test func givenUpWhileUnderWay() async throws {
        try await Rig.run([.silence]) { rig async throws in
            let task = Task { try await rig.failure { client throws(AuthorityError) in try await client.charge(id: "charge_1") } }
            _ = await rig.api.arrivals.first { _ in true }
            task.cancel()
            let error = try await task.value
            #expect(error.code == "canceled")
        }
    }
}

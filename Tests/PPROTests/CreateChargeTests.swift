import PaymentCore
import Testing

@testable import PPRO

@Suite struct CreateChargeTests {
    @Test func sendsWhatPPROAsksFor() async throws {
        try await Rig.run([.json(Bodies.charge())]) { rig async throws in
            let charge = try await rig.client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey())
            #expect(charge.id == "charge_1")
            #expect(charge.status == .authenticationPending)
            #expect(charge.authenticationLink == AuthenticationLink(url: "https://wallet.test/pay?t=1", method: "GET"))
            #expect(charge.json == Array(Bodies.charge().utf8))
            #expect(charge.operations.map(\.amount) == [9_007_199_254_740_993])
            let request = try #require(rig.api.received.first)
            #expect(request.method == "POST")
            #expect(request.target == "/v1/payment-charges")
            #expect(request.text == Bodies.orderJSON)
            #expect(request.header("authorization") == "Bearer \(Rig.key)")
            #expect(request.header("merchant-id") == "merch_1")
            #expect(request.header("request-idempotency-key") == "00000000-0000-4000-8000-000000000001")
            #expect(request.header("content-type") == "application/json")
            #expect(request.header("accept-encoding") == nil)
            #expect(rig.clock.waits.isEmpty)
        }
    }

    @Test func aFailedChargeIsAnAnswer() async throws {
        try await Rig.run([.json(Bodies.charge(status: "FAILED"))]) { rig async throws in
            #expect(try await rig.client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey()).status == .failed)
        }
    }

    @Test func aStatusOfTheFutureSurvives() async throws {
        try await Rig.run([.json(Bodies.charge(status: "WAITING_FOR_GODOT"))]) { rig async throws in
            let charge = try await rig.client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey())
            #expect(charge.status.word == "WAITING_FOR_GODOT")
            #expect(!charge.status.isKnown)
        }
    }

    @Test func whatBreaksARuleIsNotSent() async throws {
        try await Rig.run([.json(Bodies.charge())]) { rig async throws in
            var order = Bodies.order
            order.amount.value = 999_999
            let error = try await rig.failure { client throws(AuthorityError) in try await client.create(order, idempotencyKey: Rig.idempotencyKey()) }
            #expect(error.code == "invalid_order")
            #expect(error.message == "amount.value is IDR 9,999.99 (999999): JENIUS_PAY takes at least IDR 10,000.00 (1000000)")
            #expect(rig.api.received.isEmpty)
        }
    }

    /// Whatever came between, PPRO sees one intention: the same key and the same bytes.
    @Test(arguments: [
        ScriptedAPI.Answer.status(504, body: Bodies.error(504, "upstream")), .status(500), .status(503), .hangUp, .cut(status: 200, promised: 100), .garbage,
        .status(409, body: Bodies.error(409, "Duplicate request")), .limited(429, remaining: 0, rate: 5, capacity: 10),
    ]) func retriesWithTheSameKey(_ trouble: ScriptedAPI.Answer) async throws {
        try await Rig.run([trouble, trouble, .json(Bodies.charge())]) { rig async throws in
            let charge = try await rig.client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey(7))
            #expect(charge.id == "charge_1")
            let received = rig.api.received
            #expect(received.count == 3)
            #expect(Set(received.map { $0.header("request-idempotency-key") }) == ["00000000-0000-4000-8000-000000000007"])
            #expect(Set(received.map(\.text)) == [Bodies.orderJSON])
            #expect(rig.clock.waits.count >= 2)
            #expect(rig.clock.waits.allSatisfy { $0 > 0 })
        }
    }

    @Test func aConflictThatStaysIsAnError() async throws {
        try await Rig.run([.status(409, body: Bodies.error(409, "Duplicate request"))]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in
                try await client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey())
            }
            #expect(error.code == "conflict")
            #expect(error.message.contains("Duplicate request"))
            #expect(rig.api.received.count == 5)
            #expect(rig.clock.waits == [250, 500, 1000, 2000])
        }
    }

    @Test func aKeyStandsForOneBody() async throws {
        try await Rig.run([.json(Bodies.charge())]) { rig async throws in
            _ = try await rig.client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey())
            var other = Bodies.order
            other.amount.value = 2_000_000
            let error = try await rig.failure { client throws(AuthorityError) in try await client.create(other, idempotencyKey: Rig.idempotencyKey()) }
            #expect(error.code == "conflict")
            #expect(rig.api.received.count == 1)
            _ = try await rig.client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey())
            #expect(rig.api.received.count == 2)
        }
    }

    @Test func aRefusedKeyMayBeUsedAgain() async throws {
        try await Rig.run([.status(400, body: Bodies.error(400, "no")), .json(Bodies.charge())]) { rig async throws in
            _ = try await rig.failure { client throws(AuthorityError) in try await client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey()) }
            var other = Bodies.order
            other.amount.value = 2_000_000
            #expect(try await rig.client.create(other, idempotencyKey: Rig.idempotencyKey()).id == "charge_1")
        }
    }

    @Test func aRefusalKeepsItsReasonAndLosesTheConsumer() async throws {
        let reason = "consumer.email 'siti@example.id' of Siti RAHAYU, phone 0812-345-6789, card 4444333322221111, is not valid for order.orderItems[0].name"
        try await Rig.run([.status(400, body: Bodies.error(400, reason))]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in
                try await client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey())
            }
            #expect(error.code == "refused")
            #expect(
                error.message
                    == "create charge: PPRO answered 400: consumer.email … of …, phone …, card …, is not valid for order.orderItems[0].name")
            #expect(rig.api.received.count == 1)
        }
    }

    @Test func a404ToAPostIsARefusal() async throws {
        try await Rig.run([.status(404)]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in
                try await client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey())
            }
            #expect(error.code == "refused")
            #expect(rig.api.received.count == 1)
        }
    }

    /// Connections that are used again and closed right behind an answer must not end the process: see `HTTPExchange.loop`.
    @Test func mayBeGivenUpAndShutDownAtAnyMoment() async throws {
        let script = [ScriptedAPI.Answer.status(409), .status(504), .json(Bodies.charge())]
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for round in 0..<30 {
                        _ = try? await Rig.run(script) { rig async throws in
                            _ = try? await rig.client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey())
                            let asking = Task { try? await rig.client.charge(id: "charge_1") }
                            if round % 3 == 0 { asking.cancel() }
                            _ = await asking.value
                        }
                    }
                }
            }
        }
    }

    @Test func theKeyIsNotRepeatedWhoeverSaysIt() async throws {
        let reason = String(repeating: "x", count: 190) + " " + Rig.key + " is no key; Bearer " + Rig.key
        try await Rig.run([.status(401, body: Bodies.error(401, reason))]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in
                try await client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey())
            }
            #expect(error.code == "unauthorized")
            #expect(!error.message.contains(Rig.key.prefix(6)))
        }
    }

    @Test func makesKeysOfItsOwn() async throws {
        try await Rig.run([]) { rig async throws in
            #expect(rig.client.makeKey().text == "00000000-0000-4000-8000-000000000000")
        }
    }
}

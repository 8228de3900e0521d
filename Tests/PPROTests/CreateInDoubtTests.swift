import PaymentCore
import Testing

@testable import PPRO

/// Whether a charge may exist although no answer says so.
@Suite struct CreateInDoubtTests {
    private func failure(
        _ script: [ScriptedAPI.Answer], adjust: (inout PPROSettings) -> Void = { _ in }, before: (Rig) -> Void = { _ in }
    ) async throws -> AuthorityError {
        try await Rig.run(script, adjust: adjust) { rig async throws in
            before(rig)
            return try await rig.failure { client throws(AuthorityError) in
                try await client.create(Bodies.order, idempotencyKey: Rig.idempotencyKey())
            }
        }
    }

    private static let refusal = ScriptedAPI.Answer.limited(429, remaining: 0, rate: 5, capacity: 4)

    @Test(arguments: [
        ScriptedAPI.Answer.status(504), .status(500), .status(503), .status(409), .hangUp, .cut(status: 200, promised: 100), .garbage,
    ]) func anAttemptWithoutAnAnswerIsNotForgotten(_ trouble: ScriptedAPI.Answer) async throws {
        for (last, code) in [(Self.refusal, "rate_limited"), (.status(401), "unauthorized"), (.status(400), "refused")] {
            let error = try await failure([trouble, last])
            #expect(error.code == code)
            #expect(error.mayBeDone, "\(trouble), then \(code)")
        }
    }

    @Test func aTimeOutIsOne() async throws {
        let error = try await failure([.silence]) { settings in
            settings.attemptTimeoutMilliseconds = 20
            settings.retryPlan.maximumAttempts = 1
        }
        #expect(error.code == "timeout")
        #expect(error.mayBeDone)
    }

    /// The bucket is empty for longer than the call may take: the second attempt is not made.
    @Test func itsOwnPaceForgetsNothing() async throws {
        let error = try await failure([.limited(504, remaining: 0, rate: 1, capacity: 1000)])
        #expect(error.code == "rate_limited")
        #expect(error.message == "create charge: the rate limit leaves no room before the time is up")
        #expect(error.mayBeDone)
    }

    @Test func givenUpBetweenTwoAttempts() async throws {
        let error = try await failure([.status(504)], before: { $0.clock.cancelWaits() })
        #expect(error.code == "canceled")
        #expect(error.mayBeDone)
    }

    @Test(arguments: ["{", "{}", #"{"id":"charge_1"}"#]) func aSuccessThatCannotBeReadIsOneAllTheSame(_ body: String) async throws {
        let error = try await failure([.json(body)])
        #expect(error.code == "unreadable")
        #expect(error.mayBeDone)
    }

    @Test(arguments: [refusal, .status(400), .status(401), .status(403), .status(404), .status(422), .status(302)])
    func whatWasRefusedIsNotDone(_ answer: ScriptedAPI.Answer) async throws {
        #expect(try await !failure([answer]).mayBeDone)
    }

    @Test func whatNeverArrivedIsNotDone() async throws {
        let nowhere = try PPROSettings(baseURL: "http://127.0.0.1:1", key: try #require(PPROKey(Rig.key)), merchantId: "merch_1")
        let error = try await failure([], adjust: { $0 = nowhere })
        #expect(error == AuthorityError(code: "unreachable", message: "create charge: the connection could not be made"))
    }

    @Test func asAreCapturesAndRefunds() async throws {
        try await Rig.run([.status(504), Self.refusal]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in
                try await client.capture("charge_1", amount: 1, idempotencyKey: Rig.idempotencyKey())
            }
            #expect(error.mayBeDone)
        }
    }

    @Test func aQuestionDoesNothing() async throws {
        try await Rig.run([.status(504)]) { rig async throws in
            #expect(try await !rig.failure { client throws(AuthorityError) in try await client.charge(id: "charge_1") }.mayBeDone)
        }
    }
}

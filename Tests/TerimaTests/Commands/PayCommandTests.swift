import NIOHTTP1
import PaymentCore
import TestSupport
import Testing

@testable import Terima

/// `terima pay` against a stand-in for PPRO and a running terima: the whole chain but the money.
@Suite(.timeLimit(.minutes(5))) struct PayCommandTests {
    private static let order = [
        "pay", "--method", "JENIUS_PAY", "--amount", "10000.00", "--currency", "IDR", "--return-url", "https://shop.example/return", "--reference", "pay-77",
    ]

    private func installation(_ ppro: FakePPRO, shop: Int = 1) async throws -> Installation {
        var installation = try await Installation(shop: shop, isSeeded: false)
        installation.environment.merge(ppro.environment) { $1 }
        return installation
    }

    private func objects(of lines: AsyncStream<String>) -> AsyncCompactMapSequence<AsyncStream<String>, JSONValue> {
        lines.compactMap { try? JSONDocument.parse(Array($0.utf8)).root }
    }

    @Test func createsAndLeaves() async throws {
        let ppro = try await FakePPRO.start()
        let run = try await installation(ppro).run(Self.order + ["--order", "order-7", "--webhooks-url", "https://shop.example/hook", "--no-wait"])
        #expect(run.status == 0)
        #expect(run.error.isEmpty)
        #expect(run.lines.starts(with: ["charge     charge_fake1", "amount     IDR 10,000.00", "method     JENIUS_PAY", "reference  pay-77"]))
        #expect(run.lines.contains("Pay here:  https://wallet.test/pay?charge=charge_fake1"))
        let code = try #require(QRCode("https://wallet.test/pay?charge=charge_fake1"))
        #expect(run.text.contains(code.lines(isColored: false).joined(separator: "\n")))
        let request = try #require(ppro.received.first)
        #expect(ppro.received.count == 1)
        #expect(request.headers.first(name: "merchant-id") == "merch_1")
        let sent = try #require(request.json)
        #expect(sent["amount"]?["value"]?.integerValue == 1_000_000)
        #expect(sent["webhooksUrl"]?.string == "https://shop.example/hook")
        #expect(sent["order"]?["orderReferenceNumber"]?.string == "order-7")
        #expect(sent["consumer"]?["email"]?.string == "test.consumer@example.com")
        await ppro.stop()
    }

    /// Created, received, applied, told: and only then does it end.
    @Test func tellsTheWholeWay() async throws {
        let (ppro, shop) = (try await FakePPRO.start(), try await Shop.start())
        let installation = try await installation(ppro, shop: shop.port)
        // Of this moment: about what is old terima would ask PPRO by itself, and its answers would come in between.
        let now = WallClock.now().milliseconds(since: Instant(milliseconds: Life.start)) / 1_000
        try await installation.serve { served in
            let command = RunningCommand.start(
                Self.order + ["--json", "--config", installation.directory.file("terima.yaml")], environment: installation.environment)
            var steps: [JSONValue] = []
            for await step in objects(of: command.output) {
                steps.append(step)
                switch step["step"]?.string {
                case "created":
                    _ = try await served.receive(Life.charge("charge_fake1", "AUTHENTICATION_PENDING", at: now, status: "AUTHENTICATION_PENDING"))
                case "told" where step["type"]?.string == "charge.authentication_pending":
                    ppro.set("charge_fake1", .init(status: "CAPTURED", reference: "pay-77", authorized: 1_000_000, captured: 1_000_000))
                    _ = try await served.receive(
                        Life.charge(
                            "charge_fake1", "AUTHORIZATION_SUCCEEDED", at: now + 1, status: "CAPTURE_PROCESSING", #""authorizationId":"authorizations_1""#))
                    _ = try await served.receive(
                        Life.charge(
                            "charge_fake1", "CAPTURE_SUCCEEDED", at: now + 2, status: "CAPTURED",
                            #""captureId":"captures_1","merchantPaymentChargeReference":"pay-77""#))
                default: break
                }
            }
            #expect(try await command.status() == 0)
            let words = steps.compactMap { $0["step"]?.string }
            #expect(words.first == "created")
            #expect(words.last == "agreed")
            let types = steps.filter { $0["step"]?.string == "received" }.compactMap { $0["type"]?.string }
            #expect(types == ["AUTHENTICATION_PENDING", "AUTHORIZATION_SUCCEEDED", "CAPTURE_SUCCEEDED"].map { "PAYMENT_CHARGE_" + $0 })
            for word in ["applied", "told", "ppro"] { #expect(words.contains(word), "\(word) in \(words)") }
            let last = try #require(steps.last)
            #expect(last["status"]?.string == "CAPTURED")
            #expect(last["result"]?.string == "paid")
            for member in ["receivedMs", "appliedMs", "toldMs"] { #expect(last[member]?.integerValue != nil, "\(member)") }
            #expect(steps.allSatisfy { $0["charge"]?.string == "charge_fake1" && $0["at"]?.string != nil && $0["afterMs"]?.integerValue != nil })
        }
        await ppro.stop()
        await shop.stop()
    }

    /// PPRO has decided, and no webhook comes.
    @Test func endsWithOneWhenNoWebhookComes() async throws {
        let ppro = try await FakePPRO.start()
        let installation = try await installation(ppro)
        try await installation.serve { _ in
            let command = RunningCommand.start(
                Self.order + ["--grace", "1ms", "--config", installation.directory.file("terima.yaml")], environment: installation.environment)
            _ = await RunningCommand.next(of: command.output) { $0.hasPrefix("Waiting for the result, at most 6h.") }
            ppro.set("charge_fake1", .init(status: "FAILED", reference: "pay-77", failureCode: "CANCELED_BY_CONSUMER"))
            let last = await RunningCommand.next(of: command.output) { $0.contains("FAILED (failed)") }
            #expect(last?.hasSuffix("FAILED (failed): no webhook of it has reached terima -> terima reconcile --charge charge_fake1") == true)
            let status = try await command.status()
            #expect(status == 1)
        }
        await ppro.stop()
    }

    @Test func endsWhenTheTimeIsOver() async throws {
        let ppro = try await FakePPRO.start()
        let installation = try await installation(ppro)
        try await installation.serve { _ in
            let run = try await installation.run(Self.order + ["--timeout", "1ms"])
            #expect(run.status == 75)
            #expect(run.lines.last?.contains("the time is over and PPRO has not decided: AUTHENTICATION_PENDING") == true)
        }
        await ppro.stop()
    }

    @Test func waitsForATerimaThatIsRestarted() async throws {
        let ppro = try await FakePPRO.start()
        let installation = try await installation(ppro)
        let command = try await startBeside(installation, ["--grace", "1h"])
        let away = await RunningCommand.next(of: command.output) { $0.contains("  terima  does not answer") }
        #expect(away?.hasSuffix("does not answer; the payment goes on, and this goes on when terima is back") == true)
        try await installation.serve { served in
            _ = try await served.receive(Life.charge("charge_fake1", "AUTHORIZATION_FAILED", at: 2, status: "FAILED"))
            ppro.set("charge_fake1", .init(status: "FAILED", reference: "pay-77"))
            #expect(await RunningCommand.next(of: command.output) { $0.contains("  terima  answers again, after ") } != nil)
            // Nobody listens where the shop should, so it ends when the grace does; here it is enough that it goes on.
            #expect(await RunningCommand.next(of: command.output) { $0.contains("  PPRO    FAILED") } != nil)
            #expect(try await command.stop(interrupt: true) == 130)
        }
        await ppro.stop()
    }

    @Test func aTerimaThatStaysAwayIsGivenUp() async throws {
        let ppro = try await FakePPRO.start()
        let command = try await startBeside(try await installation(ppro), ["--grace", "1ms"])
        #expect(try await command.status() == 69)
        let note = try #require(await RunningCommand.next(of: command.notes))
        #expect(note.hasPrefix("terima: terima has been away for "))
        #expect(note.hasSuffix("; the payment goes on: terima charges show --remote charge_fake1, when terima is back"))
        await ppro.stop()
    }

    /// The command as it watches a payment beside a terima that has just been stopped.
    private func startBeside(_ installation: Installation, _ more: [String] = []) async throws -> RunningCommand {
        var running: RunningCommand?
        try await installation.serve { served in
            let command = RunningCommand.start(
                Self.order + more + ["--config", installation.directory.file("terima.yaml")], environment: installation.environment)
            running = command
            _ = await RunningCommand.next(of: command.output) { $0.hasPrefix("Waiting for the result") }
            _ = try await served.receive(Life.charge("charge_fake1", "AUTHENTICATION_PENDING", at: 1, status: "AUTHENTICATION_PENDING"))
            _ = await RunningCommand.next(of: command.output) { $0.contains("received PAYMENT_CHARGE_AUTHENTICATION_PENDING") }
        }
        return try #require(running)
    }

    /// Whoever does not know whether there is a payment can look, and can ask again for the same one.
    @Test func aLostAnswerMakesNoSecondPayment() async throws {
        let ppro = try await FakePPRO.start()
        let installation = try await installation(ppro)
        _ = try await Template.copy(to: installation.directory)
        // Without a reference of one's own: the command's must be the same again.
        let order = Self.order.dropLast(2) + ["--no-wait", "--json"]
        ppro.garble()
        let lost = try await installation.run(Array(order))
        #expect(lost.status == 69)
        #expect(lost.output.isEmpty)
        let hint = #/\(unreadable\); the payment may have been created all the same: terima charges show --remote (?<reference>\S+) tells; /#
        let remedy = #/the same command with --idempotency-key (?<key>\S+) creates no second one\n/#
        let (reference, key) = (try #require(lost.error.firstMatch(of: hint)).reference, try #require(lost.error.firstMatch(of: remedy)).key)
        #expect(try await installation.run("charges", "show", "--remote", String(reference)).lines.first == "charge        charge_fake1")
        ppro.garble(false)
        let again = try await installation.run(order + ["--idempotency-key", String(key)])
        #expect(again.status == 0)
        let created = try #require(again.objects.first)
        #expect(created["charge"]?.string == "charge_fake1")
        #expect(created["idempotencyKey"]?.string == String(key))
        #expect(created["merchantPaymentChargeReference"]?.string == String(reference))
        let sent = ppro.received.filter { $0.method == "POST" }
        #expect(Set(sent.map(\.body)).count == 1)
        #expect(sent.map { $0.headers.first(name: "request-idempotency-key") } == [String(key), String(key)])
        await ppro.stop()
    }

    @Test func ctrlCLeaves() async throws {
        let ppro = try await FakePPRO.start()
        let installation = try await installation(ppro)
        try await installation.serve { served in
            let command = RunningCommand.start(
                Self.order + ["--config", installation.directory.file("terima.yaml")], environment: installation.environment)
            _ = await RunningCommand.next(of: command.output) { $0.hasPrefix("Waiting for the result") }
            // It is told only when it is watched, and whoever watches has his ears open for signals.
            _ = try await served.receive(Life.charge("charge_fake1", "AUTHENTICATION_PENDING", at: 1, status: "AUTHENTICATION_PENDING"))
            _ = await RunningCommand.next(of: command.output) { $0.contains("received PAYMENT_CHARGE_AUTHENTICATION_PENDING") }
            #expect(try await command.stop(interrupt: true) == 130)
            #expect(await RunningCommand.next(of: command.notes) == "terima: left; the payment goes on: terima charges show --remote charge_fake1")
        }
        await ppro.stop()
    }

    @Test func whatCannotWorkIsNotBegun() async throws {
        let ppro = try await FakePPRO.start()
        var installation = try await installation(ppro)
        // Nobody would receive the webhooks.
        _ = try await Template.copy(to: installation.directory)
        let down = try await installation.run(Self.order)
        #expect(down.status == 69)
        #expect(down.error.hasPrefix("terima: terima is not running"))

        let small = try await installation.run(Self.order.map { $0 == "10000.00" ? "9999.99" : $0 } + ["--no-wait"])
        #expect(small.status == 64)
        #expect(small.error == "terima: PPRO: amount.value is IDR 9,999.99 (999999): JENIUS_PAY takes at least IDR 10,000.00 (1000000) (invalid_order)\n")
        let text = try await installation.run(Self.order.map { $0 == "10000.00" ? "10,000.00" : $0 })
        #expect(text.status == 64)
        #expect(text.error.hasPrefix("Error: --amount must be digits"))
        let huge = try await installation.run(Self.order.map { $0 == "10000.00" ? "92233720368547758.08" : $0 })
        #expect(huge.status == 64)
        #expect(huge.error.hasPrefix("Error: --amount is too large: no amount can be more than IDR 92,233,720,368,547,758.07"))
        let key = try await installation.run(Self.order + ["--idempotency-key", "4711"])
        #expect(key.status == 64)
        #expect(key.error.hasPrefix("Error: --idempotency-key must be a UUID of version 4"))
        #expect(ppro.received.isEmpty)

        installation.environment["TERIMA_PPRO_KEY"] = "another-key"
        let wrong = try await installation.run(Self.order + ["--no-wait"])
        #expect(wrong.status == 78)
        #expect(wrong.error == "terima: PPRO: create charge: PPRO answered 401: Unauthorized (unauthorized)\n")
        for name in ["TERIMA_PPRO_URL", "TERIMA_PPRO_KEY", "TERIMA_PPRO_MERCHANT_ID"] { installation.environment[name] = nil }
        let off = try await installation.run(Self.order + ["--no-wait"])
        #expect(off.status == 78)
        #expect(off.error.hasPrefix("terima: configuration: TERIMA_PPRO_URL: must be set"))
        await ppro.stop()
    }

    /// Nothing is invented about the consumer of a real payment.
    @Test func theLiveAPIGetsNoInventedConsumer() async throws {
        var installation = try await Installation(isSeeded: false)
        installation.environment.merge([
            "TERIMA_PPRO_URL": "https://api.ppro.invalid", "TERIMA_PPRO_KEY": "key", "TERIMA_PPRO_MERCHANT_ID": "merch_1",
        ]) { $1 }
        let run = try await installation.run(Self.order + ["--no-wait"])
        #expect(run.status == 64)
        #expect(run.error.contains("consumer.name: JENIUS_PAY needs it"))
        #expect(run.error.contains("order.shippingAddress.street: JENIUS_PAY needs it"))
    }
}

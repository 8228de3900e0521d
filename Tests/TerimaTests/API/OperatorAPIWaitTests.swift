import NIOHTTP1
import PaymentCore
import Testing

@testable import Terima

/// The long poll of a shop's return page, as the shop sees it.
@Suite(.timeLimit(.minutes(5))) struct OperatorAPIWaitTests {
    private func created(_ charge: String, _ reference: String) -> [UInt8] {
        Life.charge(charge, "CREATED", at: 100, status: "AUTHENTICATION_PENDING", #""merchantPaymentChargeReference":"\#(reference)""#)
    }
    private func captured(_ charge: String) -> [UInt8] {
        Life.charge(charge, "CAPTURE_SUCCEEDED", at: 110, status: "CAPTURED", #""captureId":"capture_\#(charge)""#)
    }

    /// The customer comes back before the first webhook: in at the receiver, through the worker, to the page that waits.
    @Test(arguments: ["charge_new", "pay%2Fnew"]) func theWebhookWakesThePageThatWaits(name: String) async throws {
        try await Installation(isSeeded: false).serve { served in
            async let answer = served.http.get("/v1/charges/\(name)?wait=60s")
            await served.feed.untilWaiting(1)
            _ = try await served.receive(created("charge_new", "pay/new"))
            _ = try await served.receive(captured("charge_new"))
            let paid = try await answer
            #expect(paid.status == 200)
            #expect(paid.json?["result"]?.string == "paid")
            #expect(paid.json?["id"]?.string == "charge_new")
            #expect(paid.json?["captured"]?.integerValue == 1_000_000)
            let plain = try await served.http.get("/v1/charges/\(name)")
            #expect(plain.body == paid.body)
            #expect(served.feed.waiting == 0)
        }
    }

    @Test func whatDoesNotComeIsAnEmptyAnswer() async throws {
        try await Installation().serve { served in
            for name in ["charge_nobody_knows", Template.anomalous] {
                let answer = try await served.http.get("/v1/charges/\(name)?wait=1ms&until=change&version=99")
                #expect(answer.status == 204)
                #expect(answer.body.isEmpty)
                #expect(answer.header("cache-control") == "no-store")
                #expect(answer.header("content-length") == nil && answer.header("content-type") == nil)
                #expect(answer.header("connection") == "close")
            }
            #expect(try await served.http(token: nil).get("/v1/charges/charge_paid?wait=1ms").status == 401)
        }
    }

    @Test func aMistakeIsNamed() async throws {
        let cases: [(String, String)] = [
            ("until=change", "'until' goes with 'wait'"), ("wait=30s&version=2", "'version' goes with 'until=change'"),
            ("wait=61s", "'wait' must be a duration like 30s, at most 1m; it was '61s'"), ("wait=30s&sort=x", "unknown parameter 'sort'; known here: wait, "),
        ]
        try await Installation().serve { served in
            for (query, detail) in cases {
                let answer = try await served.socket.get("/v1/charges/\(Template.paid)?\(query)")
                #expect(answer.status == 400)
                #expect(answer.header("content-type") == "application/problem+json")
                #expect(answer.json?["detail"]?.string?.hasPrefix(detail) == true, "\(answer.text)")
            }
        }
    }

    @Test func whoLeavesFreesThePlaceAtOnce() async throws {
        try await Installation().serve { served in
            for target in ["/v1/charges/charge_new?wait=60s", "/v1/events?after=\(Template.eventCount)&wait=60s"] {
                for client in [served.http, served.socket] {
                    try await LiveExchange.leave(client, target) { await served.feed.untilWaiting(1) }
                    await served.feed.untilWaiting(0)
                }
            }
        }
    }

    @Test func whoComesWhenAllPlacesAreTakenIsToldWhenToComeAgain() async throws {
        var settings = ChangeFeed.Settings()
        (settings.maximumWaiting, settings.maximumStreams) = (1, 1)
        try await Installation().serve(waiting: settings) { served in
            async let waiting = served.http.get("/v1/charges/charge_new?wait=60s")
            await served.feed.untilWaiting(1)
            let stream = try await LiveExchange.open(served.http, "/v1/stream")
            for target in ["/v1/charges/charge_next?wait=60s", "/v1/stream"] {
                let answer = try await served.http.get(target)
                #expect(answer.status == 503)
                #expect(answer.header("retry-after") == "2")
                #expect(answer.json?["code"]?.string == "too_many_waiting")
            }
            // What is so already needs no place.
            #expect(try await served.http.get("/v1/charges/\(Template.paid)?wait=60s").status == 200)
            try await stream.close()
            await served.feed.untilStreams(0)
            try await served.stop()
            #expect(try await waiting.status == 204)
        }
    }

    @Test func theStopAnswersEveryone() async throws {
        try await Installation().serve { served in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...50 { group.addTask { try await served.http.get("/v1/charges/charge_\(number)?wait=60s").status } }
                await served.feed.untilWaiting(50)
                try await served.stop()
                for try await status in group { #expect(status == 204) }
            }
        }
    }
}

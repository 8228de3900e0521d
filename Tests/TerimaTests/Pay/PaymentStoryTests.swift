import PaymentCore
import Testing

@testable import Terima

@Suite struct PaymentStoryTests {
    private let start = Instant(milliseconds: Life.start)

    private func rows(_ text: String...) throws -> [Row] { try text.map { Row(json: try JSONDocument.parse(Array($0.utf8)).root) } }
    private func time(_ milliseconds: Int64) -> String { start.advanced(byMilliseconds: milliseconds).iso8601 }

    private func event(_ seq: Int, _ type: String, at milliseconds: Int64, state: String = "applied", error: String = "null") -> String {
        #"{"seq":\#(seq),"source":"https://www.ppro.com","id":"e\#(seq)","type":"\#(type)","time":"\#(time(milliseconds - 40))","#
            + #""receivedAt":"\#(time(milliseconds))","state":"\#(state)","error":\#(error)}"#
    }

    private func charge(_ status: String, _ history: String) -> String { #"{"id":"charge_1","status":"\#(status)","history":[\#(history)]}"# }

    private func change(_ version: Int, _ status: String, at milliseconds: Int64) -> String {
        #"{"version":\#(version),"status":"\#(status)","at":"\#(time(milliseconds))","id":"ntf_\#(version)","#
            + #""cause":{"seq":\#(version),"id":"e\#(version)"}}"#
    }

    private func delivery(_ version: Int, _ state: String, _ attempts: String) -> String {
        #"{"id":"ntf_\#(version)","endpoint":"shop","type":"charge.captured","state":"\#(state)","attempts":\#(attempts)}"#
    }

    @Test func everyWayIsToldOnceWithItsTime() throws {
        var story = PaymentStory(charge: "charge_1")
        let received = story.take(events: try rows(event(1, "PAYMENT_CHARGE_CREATED", at: 100, state: "received")))
        #expect(received.map(\.text) == ["received PAYMENT_CHARGE_CREATED, 40 ms after PPRO made it"])
        #expect(!story.isSettled)
        #expect(story.take(events: try rows(event(1, "PAYMENT_CHARGE_CREATED", at: 100))).isEmpty)
        #expect(story.isSettled)

        let row = try rows(charge("AUTHORIZATION_PROCESSING", change(1, "AUTHORIZATION_PROCESSING", at: 112))).first
        #expect(story.take(charge: row).map(\.text) == ["applied: AUTHORIZATION_PROCESSING, version 1, 12 ms after the receipt"])
        #expect(story.take(charge: row).isEmpty)

        let waiting = story.take(deliveries: try rows(delivery(1, "pending", "0")))
        #expect(waiting.isEmpty)
        #expect(!story.isSettled)
        let attempt = #"[{"number":1,"at":"\#(time(115))","status":204,"error":null,"durationMs":5}]"#
        let finished = story.take(deliveries: try rows(delivery(1, "delivered", "1")))
        #expect(finished.count == 1)
        let told = story.take(delivery: try #require(try rows(delivery(1, "delivered", attempt)).first))
        #expect(told.map(\.text) == ["told charge.captured: 204, 8 ms after the change"])
        #expect(told.map(\.kind) == [.told])
        #expect(story.isSettled)
        #expect(story.take(deliveries: try rows(delivery(1, "delivered", "1"))).isEmpty)
        #expect(story.timing == PaymentStory.Timing(receivedMilliseconds: 40, appliedMilliseconds: 12, toldMilliseconds: 8))
    }

    @Test func troubleIsTold() throws {
        var story = PaymentStory(charge: "charge_1")
        let unreadable = story.take(events: try rows(event(1, "X", at: 0, state: "failed", error: #""missing_id""#)))
        #expect(unreadable.map(\.text) == ["received X, 40 ms after PPRO made it; it cannot be read: missing_id"])
        let attempts =
            #"[{"number":1,"at":"\#(time(10))","status":503,"error":null,"durationMs":1},"#
            + #"{"number":2,"at":"\#(time(20))","status":null,"error":"connection_refused","durationMs":1}]"#
        #expect(story.take(deliveries: try rows(delivery(2, "dead", "2"))).count == 1)
        let steps = story.take(delivery: try #require(try rows(delivery(2, "dead", attempts)).first))
        #expect(steps.map(\.kind) == [.refused, .refused, .dead])
        #expect(steps.map(\.text).first == "did not take charge.captured: 503")
        #expect(story.dead == ["ntf_2 shop"])
        #expect(story.isSettled)
    }

    @Test func pprosWordIsToldWhenItChanges() throws {
        var story = PaymentStory(charge: "charge_1")
        var charge = FakePPRO.Charge()
        func remote() throws -> RemoteCharge { try RemoteCharge(try JSONDocument.parse(Array(FakePPRO.json("charge_1", charge).utf8)).root) }
        #expect(story.take(try remote(), at: start).map(\.text) == ["AUTHENTICATION_PENDING"])
        #expect(story.take(try remote(), at: start).isEmpty)
        (charge.status, charge.failureCode) = ("FAILED", "CANCELED_BY_CONSUMER")
        #expect(story.take(try remote(), at: start).map(\.text) == ["FAILED, CANCELED_BY_CONSUMER"])
        #expect(story.take(nil, at: start).map(\.kind) == [.unanswered])
    }

    @Test func aStepIsALineOrAnObject() throws {
        let step = Step(
            kind: .told, at: start.advanced(byMilliseconds: 1_530), who: "shop", text: "told\u{1B}", facts: [.number("tookMs", 3), .text("error", nil)])
        #expect(step.line(since: start) == "2026-06-03T11:23:01.530Z     +1.5 s  shop    told?")
        #expect(
            String(decoding: step.json(charge: "charge_1", since: start), as: UTF8.self)
                == #"{"step":"told","at":"2026-06-03T11:23:01.530Z","afterMs":1530,"charge":"charge_1","tookMs":3,"error":null}"#)
        for (milliseconds, text) in [(-5, "-5 ms"), (999, "999 ms"), (4_199, "4.1 s"), (75_000, "75 s"), (720_000, "12 min")] as [(Int64, String)] {
            #expect(Step.span(milliseconds) == text)
        }
    }
}

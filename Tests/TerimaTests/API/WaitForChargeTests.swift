import EventStore
import NIOCore
import PaymentCore
import Synchronization
import Testing
import Worker

@testable import Terima

/// Waiting for a charge, from the question to the answer, without HTTP.
@Suite(.timeLimit(.minutes(5))) struct WaitForChargeTests {
    private let minute = ("wait", "60s")

    /// The first events of a charge that a customer is about to pay.
    private func created(_ charge: String, _ reference: String) -> [UInt8] {
        Life.charge(charge, "CREATED", at: 100, status: "AUTHENTICATION_PENDING", #""merchantPaymentChargeReference":"\#(reference)""#)
    }
    private func captured(_ charge: String, _ reference: String? = nil) -> [UInt8] {
        let more = reference.map { #","merchantPaymentChargeReference":"\#($0)""# } ?? ""
        return Life.charge(charge, "CAPTURE_SUCCEEDED", at: 110, status: "CAPTURED", #""captureId":"capture_\#(charge)""# + more)
    }

    @Test func whatIsSoAlreadyIsAnsweredAtOnce() async throws {
        try await Desk.with { desk in
            let plain = try await desk.charge(Template.paid, [])
            for name in [Template.paid, "pay-4711"] {
                #expect(try await desk.charge(name, [minute]).bytes == plain.bytes)
                #expect(try await desk.charge(name, [minute, ("until", "change")]).bytes == plain.bytes)
                #expect(try await desk.charge(name, [minute, ("until", "change"), ("version", "3")]).bytes == plain.bytes)
            }
            #expect(try await desk.charge(Template.declined, [minute]).json?["result"]?.string == "failed")
            #expect(desk.feed.waiting == 0)
        }
    }

    @Test func whatDoesNotComeIsNothing() async throws {
        try await Desk.with { desk in
            for name in ["charge_nobody_knows", Template.odd, Template.oddReference, "order-4711"] {
                for wait in ["0s", "1ms"] {
                    let answer = try await desk.charge(name, [("wait", wait)])
                    #expect(!answer.hasContent)
                }
            }
            #expect(try await desk.charge(Template.paid, [("wait", "1ms"), ("until", "change"), ("version", "4")]).hasContent == false)
            #expect(desk.feed.waiting == 0)
        }
    }

    @Test(arguments: ["charge_new", "pay-new"]) func aChargeNotYetHeardOfIsWaitedFor(name: String) async throws {
        try await Desk.with { desk in
            async let answer = desk.charge(name, [minute])
            await desk.feed.untilWaiting(1)
            // A step on the way is no result.
            try await desk.receive(created("charge_new", "pay-new"))
            try await desk.receive(created("charge_other", "pay-other"))
            #expect(desk.feed.waiting == 1)
            try await desk.receive(captured("charge_new"))
            let charge = try await answer.json
            #expect(charge?["id"]?.string == "charge_new")
            #expect(charge?["result"]?.string == "paid")
            #expect(charge?["merchantPaymentChargeReference"]?.string == "pay-new")
            #expect(charge?["history"]?.elements.count == 2)
            #expect(desk.feed.waiting == 0)
        }
    }

    @Test func everyChangeIsAnAnswerToWhoWantsChanges() async throws {
        try await Desk.with { desk in
            let until = ("until", "change")
            async let first = desk.charge("charge_new", [minute, until])
            await desk.feed.untilWaiting(1)
            try await desk.receive(created("charge_new", "pay-new"))
            #expect(try await first.json?["version"]?.integerValue == 1)
            async let second = desk.charge("charge_new", [minute, until, ("version", "1")])
            await desk.feed.untilWaiting(1)
            try await desk.receive(captured("charge_new"))
            #expect(try await second.json?["version"]?.integerValue == 2)
        }
    }

    /// The webhooks can come out of order: the reference may be known only after the result.
    @Test func theReferenceMayComeLast() async throws {
        try await Desk.with { desk in
            async let answer = desk.charge("pay-new", [minute])
            await desk.feed.untilWaiting(1)
            try await desk.receive(captured("charge_new"))
            try await desk.receive(created("charge_new", "pay-new"))
            #expect(try await answer.json?["result"]?.string == "paid")
        }
    }

    @Test func twoThousandWaitEachForItsOwn() async throws {
        try await Desk.with { desk in
            try await withThrowingTaskGroup(of: (Int, OperatorAnswer).self) { group in
                for number in 0..<2_000 {
                    group.addTask { (number, try await desk.charge(number % 2 == 0 ? "charge_\(number)" : "pay-\(number)", [minute])) }
                }
                await desk.feed.untilWaiting(2_000)
                for number in [1_234, 777] {
                    try await desk.receive(captured("charge_\(number)", "pay-\(number)"))
                    let (woken, answer) = try #require(try await group.next())
                    #expect(woken == number)
                    #expect(answer.json?["id"]?.string == "charge_\(number)")
                }
                #expect(desk.feed.waiting == 1_998)
                desk.feed.close()
                for try await (_, answer) in group { #expect(!answer.hasContent) }
                #expect(desk.feed.waiting == 0)
            }
        }
    }

    @Test func withoutAPlaceOnlyWhatIsSoIsAnswered() async throws {
        var settings = ChangeFeed.Settings()
        settings.maximumWaiting = 1
        try await Desk.with(settings) { desk in
            async let waiting = desk.charge("charge_new", [minute])
            await desk.feed.untilWaiting(1)
            let problem = Problem(.tooManyWaiting, "1 requests wait already, more than that may not; try again in a few seconds")
            await #expect(throws: problem) { try await desk.charge("charge_next", [minute]) }
            await #expect(throws: problem) {
                try await desk.operations.answer(.list(.events, Parameters([("after", "\(Template.eventCount)"), minute])))
            }
            let paid = try await desk.charge(Template.paid, [minute])
            #expect(paid.json?["result"]?.string == "paid")
            desk.feed.close()
            #expect(try await waiting.hasContent == false)
        }
    }

    @Test func whoIsCancelledLeavesAtOnce() async throws {
        try await Desk.with { desk in
            let waiting = Task { try await desk.charge("charge_new", [minute]) }
            await desk.feed.untilWaiting(1)
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            #expect(desk.feed.waiting == 0)
        }
    }

    @Test func withoutTheServiceNothingIsWaitedFor() async throws {
        let run = try await Installation().run("charges", "show", "charge_nobody_knows")
        #expect(run.status == 66)
        try await Desk.with { desk in
            let operations = Operations(path: desk.store.path, readers: desk.operations.readers, store: nil, endpoints: [], now: { Template.now })
            await #expect(throws: Problem(.serviceDown, "waiting needs the running service: nothing changes while it is down")) {
                try await operations.answer(.show(.charges, id: "x", Parameters([minute])))
            }
        }
    }
}

/// When a charge stays silent, PPRO is asked.
@Suite(.timeLimit(.minutes(5))) struct AskAboutSilenceTests {
    private static var quick: ChangeFeed.Settings {
        var settings = ChangeFeed.Settings()
        settings.askAfterMilliseconds = 1
        return settings
    }

    /// The answer enters as every event does, and wakes the one who waits.
    @Test func whatPPROAnswersIsWaitedForToo() async throws {
        let names = Mutex<[String]>([])
        let (asked, ask) = AsyncStream.makeStream(of: String.self)
        let note: @Sendable (String) -> Interest = { name in
            names.withLock { $0.append(name) }
            ask.yield(name)
            return Interest()
        }
        try await Desk.with(Self.quick, ask: note) { desk in
            async let answer = desk.charge("pay-new", [("wait", "60s")])
            #expect(await asked.first { _ in true } == "pay-new")
            // Neither this nor the silence after it makes it ask again.
            let more = #""merchantPaymentChargeReference":"pay-new""#
            try await desk.receive(Life.charge("charge_new", "CREATED", at: 100, status: "AUTHENTICATION_PENDING", more))
            try await desk.receive(Life.charge("charge_new", "CAPTURE_SUCCEEDED", at: 110, status: "CAPTURED", #""captureId":"capture_9""#))
            #expect(try await answer.json?["result"]?.string == "paid")
            #expect(names.withLock { $0 } == ["pay-new"])
        }
    }

    @Test func itIsAskedOnceForEachRequest() async throws {
        let count = Asked()
        try await Desk.with(Self.quick, ask: count.ask) { desk in
            for expected in 1...2 {
                let answer = try await desk.charge("charge_new", [("wait", "30ms")])
                #expect(!answer.hasContent)
                #expect(count.times == expected)
                // Who does not wait any more takes the question back.
                #expect(count.withdrawn == expected)
            }
        }
    }

    @Test func itIsNotAskedWithoutSilence() async throws {
        #expect(ChangeFeed.Settings().askAfterMilliseconds == 2_000)
        let count = Asked()
        try await Desk.with(.init(), ask: count.ask) { desk in
            // Answered at once; over before the silence has lasted.
            _ = try await desk.charge(Template.paid, [("wait", "60s")])
            _ = try await desk.charge("charge_new", [("wait", "10ms")])
            #expect(count.times == 0)
        }
    }
}

/// Counts the questions, and those that were withdrawn.
private final class Asked: Sendable {
    private let counts = Mutex((asked: 0, withdrawn: 0))

    var times: Int { counts.withLock { $0.asked } }
    var withdrawn: Int { counts.withLock { $0.withdrawn } }

    @Sendable func ask(_ name: String) -> Interest {
        counts.withLock { $0.asked += 1 }
        return Interest { [self] in counts.withLock { $0.withdrawn += 1 } }
    }
}

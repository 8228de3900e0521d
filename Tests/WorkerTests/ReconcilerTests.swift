import EventStore
import PaymentCore
import Synchronization
import Testing

@testable import Worker

/// The queue, the wake-ups and the end, with a real store and real time; the wall clock is the test's.
@Suite struct ReconcilerTests {
    private let moment = Instant(milliseconds: Life.start + 7 * 3_600_000)

    private func word(_ id: String, _ status: String) throws -> RemoteCharge {
        let time = Instant(milliseconds: Life.start + 60_000).iso8601
        let text = #"{"id":"\#(id)","status":"\#(status)","createdAt":"\#(time)","updatedAt":"\#(time)","merchantPaymentChargeReference":"pay-\#(id)"}"#
        return try RemoteCharge(try JSONDocument.parse(Array(text.utf8)).root)
    }

    /// Runs `body` with a reconciler beside a rig; `news` tells each event that is stored.
    private func run(
        lastAlive: Instant? = nil, prepare: (Rig, ScriptedAuthority) async throws -> Void = { _, _ in },
        _ body: (Rig, ScriptedAuthority, Reconciler, AsyncStream<Int64>) async throws -> Void
    ) async throws {
        let rig = try Rig()
        let ppro = ScriptedAuthority()
        try await prepare(rig, ppro)
        let reconciler = Reconciler(store: rig.store, authority: ppro, now: { [moment] in moment }, logger: .silent)
        let (news, tell) = AsyncStream.makeStream(of: Int64.self)
        rig.store.onCommit { if $0.events { tell.yield($0.lastSeq) } }
        reconciler.start(lastAlive: lastAlive)
        let result: Result<Void, any Error>
        do { result = .success(try await body(rig, ppro, reconciler, news)) } catch { result = .failure(error) }
        await reconciler.stop()
        try result.get()
    }

    @Test func aCommitWakesItWhenTheChargeIsOverdueAlready() async throws {
        try await run { rig, ppro, _, news in
            ppro.put(try word("charge_1", "CAPTURED"))
            await rig.receive(Array(Life.paid("charge_1").prefix(2)))
            try rig.applyAll()
            _ = await news.first { $0 == 3 }
            try rig.applyAll()
            #expect(try rig.store.charge("charge_1")?.charge.status == .captured)
        }
    }

    @Test func aNameIsAskedForAtOnce() async throws {
        try await run { rig, ppro, reconciler, news in
            ppro.put(try word("charge_9", "CAPTURED"))
            let interest = reconciler.ask("pay-charge_9")
            _ = await news.first { $0 == 1 }
            withExtendedLifetime(interest) {}
            #expect(ppro.asked == ["pay-charge_9"])
        }
    }

    @Test(arguments: [59_000, 61_000] as [Int64])
    func aDowntimeOfMoreThanAMinuteAsksAboutOpenCharges(downtime: Int64) async throws {
        let prepare: (Rig, ScriptedAuthority) async throws -> Void = { rig, ppro in
            // Open and, by the test's clock, a minute old.
            let body = Life.charge("charge_1", "AUTHENTICATION_PENDING", at: 7 * 3_600 - 60, status: "AUTHENTICATION_PENDING")
            await rig.receive(body)
            try rig.applyAll()
            ppro.put(try word("charge_1", "CAPTURED"))
            ppro.put(try word("charge_2", "CAPTURED"))
        }
        try await run(lastAlive: moment.advanced(byMilliseconds: -downtime), prepare: prepare) { rig, ppro, reconciler, news in
            // A name asked for afterwards: what the start asked about comes before it or not at all.
            if downtime > 60_000 { _ = await news.first { $0 == 2 } }
            let interest = reconciler.ask("charge_2")
            _ = await news.first { _ in ppro.asked.contains("charge_2") }
            withExtendedLifetime(interest) {}
            #expect(ppro.asked == (downtime > 60_000 ? ["charge_1", "charge_2"] : ["charge_2"]))
        }
    }

    @Test func operatorsAskAboutOpenChargesOrThoseThatChanged() async throws {
        try await run { rig, ppro, reconciler, news in
            for id in ["charge_1", "charge_2"] { ppro.put(try word(id, "CAPTURED")) }
            await rig.receive(Life.charge("charge_1", "AUTHENTICATION_PENDING", at: 7 * 3_600 - 60, status: "AUTHENTICATION_PENDING"))
            await rig.receive(Life.charge("charge_2", "CAPTURE_SUCCEEDED", at: 7 * 3_600 - 50, status: "CAPTURED", #""captureId":"c""#))
            try rig.applyAll()
            #expect(try await reconciler.doubtOpenCharges() == 1)
            _ = await news.first { $0 == 3 }
            #expect(ppro.asked == ["charge_1"])
            #expect(try await reconciler.doubtCharges(changedSince: moment.advanced(byMilliseconds: -55_000)) == 1)
            _ = await news.first { $0 == 4 }
            #expect(ppro.asked == ["charge_1", "charge_2"])
            let answers = try await reconciler.answers(about: "charge_2")
            #expect(answers.map(\.isNews) == [false])
            #expect(answers.map(\.charge.status) == [.captured])
            #expect(try await reconciler.answers(about: "nobody").isEmpty)
        }
    }

    @Test func stoppingBreaksOffWhatIsUnderWayAndAsksNothingMore() async throws {
        let rig = try Rig()
        let ppro = ScriptedAuthority()
        let reconciler = Reconciler(store: rig.store, authority: ppro, now: { [moment] in moment }, logger: .silent)
        reconciler.start(lastAlive: nil)
        await reconciler.stop()
        _ = reconciler.ask("pay-1")
        await reconciler.stop()
        #expect(ppro.asked.isEmpty)
    }
}

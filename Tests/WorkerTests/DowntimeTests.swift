import EventStore
import PaymentCore
import Synchronization
import Testing

@testable import Worker

/// Downtime that begins and ends while the process lives.
@Suite struct DowntimeTests {
    /// The wall clock jumps from one look to the next, as it does for a process that was suspended.
    @Test(arguments: [61_000, 59_000] as [Int64]) func aProcessThatDidNotRunForAMinuteAsksAboutOpenCharges(pause: Int64) async throws {
        let rig = try Rig()
        let clock = Mutex(Life.start + 60_000)
        let ppro = ScriptedAuthority()
        await rig.receive(Life.charge("charge_1", "AUTHENTICATION_PENDING", at: 1, status: "AUTHENTICATION_PENDING"))
        try rig.applyAll()
        let reconciler = Reconciler(
            store: rig.store, authority: ppro, now: { Instant(milliseconds: clock.withLock { $0 }) }, logger: .silent)
        let (asked, tell) = AsyncStream.makeStream(of: Void.self)
        ppro.onAsk { tell.yield() }
        reconciler.start(lastAlive: nil)
        // A name makes it look; by the time it was asked for, the clock was noted.
        let first = reconciler.ask("pay-1")
        var questions = asked.makeAsyncIterator()
        await questions.next()
        clock.withLock { $0 += pause }
        let second = reconciler.ask("pay-2")
        await questions.next()
        if pause > 60_000 { await questions.next() }
        await reconciler.stop()
        #expect(Set(ppro.asked) == (pause > 60_000 ? ["pay-1", "pay-2", "charge_1"] : ["pay-1", "pay-2"]))
        withExtendedLifetime((first, second)) {}
    }

    /// Lost would be: what could not be written when it was noticed.
    @Test func aDowntimeThatCannotBeNotedIsNotForgotten() async throws {
        let rig = try Rig()
        let ppro = ScriptedAuthority()
        await rig.receive(Life.charge("charge_1", "AUTHENTICATION_PENDING", at: 1, status: "AUTHENTICATION_PENDING"))
        try rig.applyAll()
        try rig.refuse(update: "ask_reason", of: "charge")
        let moment = Instant(milliseconds: Life.start + 120_000)
        let reconciler = Reconciler(store: rig.store, authority: ppro, now: { moment }, logger: .silent)
        let (asked, tell) = AsyncStream.makeStream(of: Void.self)
        ppro.onAsk { tell.yield() }
        reconciler.start(lastAlive: Instant(milliseconds: Life.start))
        var questions = asked.makeAsyncIterator()
        let first = reconciler.ask("pay-1")
        await questions.next()
        #expect(ppro.asked == ["pay-1"])
        try rig.refuseNoMore(update: "ask_reason", of: "charge")
        let second = reconciler.ask("pay-2")
        await questions.next()
        await questions.next()
        await reconciler.stop()
        #expect(Set(ppro.asked) == ["pay-1", "pay-2", "charge_1"])
        withExtendedLifetime((first, second)) {}
    }
}

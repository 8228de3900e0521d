import PaymentCore
import Testing

@testable import EventStore

@Suite struct MailboxTests {
    private func pending(_ id: String, bytes: Int = 1) -> PendingAppend {
        PendingAppend(event: PackedEvent(Sample.event(id, body: String(repeating: "x", count: bytes))), completion: { _ in })
    }

    @Test func oneDrainIsScheduledForAll() {
        var mailbox = Mailbox(maximumCount: 10, maximumBytes: 10)
        #expect(mailbox.put(pending("a")) == .queued(mustSchedule: true))
        #expect(mailbox.put(pending("b")) == .queued(mustSchedule: false))
        #expect(mailbox.take().count == 2)
        #expect(mailbox.put(pending("c")) == .queued(mustSchedule: false))
        #expect(mailbox.take().count == 1)
        #expect(mailbox.take().isEmpty)
        #expect(mailbox.put(pending("d")) == .queued(mustSchedule: true))
    }

    @Test func whatIsTakenStillCountsUntilItIsDone() {
        var mailbox = Mailbox(maximumCount: 2, maximumBytes: 100)
        _ = mailbox.put(pending("a", bytes: 60))
        let taken = mailbox.take()
        #expect(mailbox.put(pending("b", bytes: 41)) == .full)
        _ = mailbox.put(pending("b", bytes: 40))
        #expect(mailbox.put(pending("c", bytes: 0)) == .full)
        mailbox.done(taken)
        #expect(mailbox.count == 1)
        #expect(mailbox.put(pending("c", bytes: 60)) == .queued(mustSchedule: false))
    }

    @Test func aBodyLargerThanTheLimitIsNeverTaken() {
        var mailbox = Mailbox(maximumCount: 2, maximumBytes: 10)
        #expect(mailbox.put(pending("a", bytes: 11)) == .full)
        mailbox.close()
        #expect(mailbox.put(pending("a")) == .closed)
    }
}

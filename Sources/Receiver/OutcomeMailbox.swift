import EventStore
import NIOCore
import Synchronization

/// Outcomes on their way from the store's writer to one event loop. A group commit brings many at once; the loop is woken once for all of them.
final class OutcomeMailbox: Sendable {
    struct Item: Sendable {
        let handler: NIOLoopBound<ReceiveWebhook>
        let ticket: AnswerQueue.Ticket
        let outcome: AppendOutcome
    }

    private let loop: any EventLoop
    private let waiting = Mutex<[Item]>([])

    init(loop: any EventLoop) { self.loop = loop }

    /// Any thread, never blocks.
    func post(_ item: Item) {
        let isFirst = waiting.withLock { waiting in
            waiting.append(item)
            return waiting.count == 1
        }
        if isFirst { loop.execute { self.hand() } }
    }

    private func hand() {
        let items = waiting.withLock { waiting in
            var items: [Item] = []
            swap(&items, &waiting)
            return items
        }
        for item in items { item.handler.value.stored(item.outcome, item.ticket) }
        // After all: a connection with several requests sends its answers together.
        for item in items { item.handler.value.flush() }
    }
}

import Dispatch
import EventStore
import PaymentCore
import Synchronization

extension Benchmark {
    /// What 64 connections bring while one sync lasts.
    private static let eventsInBatch = 64

    /// Storing an event of about 1 KB through the real store into a real file: per event, of batches as group commit makes them. Making up the event's ids is
    /// counted with it.
    static let append = Benchmark(name: "append", few: 640, many: 3_840) { count in
        try ScratchDirectory.with { directory in
            let store = try EventStore.open(path: directory.database)
            defer { store.close() }
            var ids = RandomID(seed: 11)
            let templates = SampleLife.several().map { EventDecoder.decode(body: $0.captured, receivedAt: SampleLife.now) }
            let facts = try templates.map { try $0.facts() }
            var checksum = Checksum()
            for start in stride(from: 0, to: count, by: eventsInBatch) {
                let batch = (start..<min(start + eventsInBatch, count)).map { index in
                    var event = templates[index % templates.count]
                    var facts = facts[index % facts.count]
                    facts.subject = ids.next("charge_")
                    event.identity.id = ids.next()
                    event.content = .readable(facts)
                    return event
                }
                try commit(batch, in: store, &checksum)
            }
            return checksum
        }
    }

    /// One transaction. Holding the writer's queue while the events come in makes sure that they all find themselves in the same group.
    private static func commit(_ batch: [Event], in store: EventStore, _ checksum: inout Checksum) throws {
        let outcomes = Mutex<[AppendOutcome]>([])
        let done = DispatchSemaphore(value: 0)
        try store.write("gather") { _ in
            for event in batch {
                store.append(event) { outcome in
                    let isLast = outcomes.withLock {
                        $0.append(outcome)
                        return $0.count == batch.count
                    }
                    if isLast { done.signal() }
                }
            }
        }
        done.wait()
        for outcome in outcomes.withLock({ $0 }) {
            guard case .accepted(let seq) = outcome else { throw BenchmarkError("an event was not stored: \(outcome)") }
            checksum.add(seq)
        }
    }
}

import EventStore
import PaymentCore
import Testing

@testable import Terima
@testable import Worker

@Suite struct StatusLineTests {
    private func line(
        events: Int64 = 12_034, health: StoreHealth = .well, _ endpoints: [WorkerStatus.OfEndpoint] = [], trouble: String? = nil, receivesOnly: Bool = false
    ) -> String {
        StatusLine.text(
            address: "127.0.0.1:8080", events: events, health: health, worker: WorkerStatus(endpoints: endpoints, trouble: trouble),
            receivesOnly: receivesOnly)
    }

    private func endpoint(_ name: String, _ breaker: Breaker.State, inFlight: Int = 0) -> WorkerStatus.OfEndpoint {
        WorkerStatus.OfEndpoint(name: name, breaker: breaker, inFlight: inFlight, attempts: AttemptMeasures(), secretCount: 1)
    }

    @Test func aCalmService() {
        #expect(line([endpoint("shop", .closed(failures: 0))]) == "Receiving on 127.0.0.1:8080; 12034 events")
        #expect(line(events: 1, receivesOnly: true) == "Receiving on 127.0.0.1:8080; 1 event; applies nothing and tells nobody (--receive-only)")
    }

    @Test func troubleIsSaid() {
        let endpoints = [
            endpoint("books", .open(until: Instant(milliseconds: 0), failures: 5)), endpoint("mail", .probing(failures: 5), inFlight: 1),
            endpoint("shop", .closed(failures: 2), inFlight: 16),
        ]
        #expect(
            line(health: .unwell(reason: "storage_full", sentence: "x"), endpoints, trouble: "storage_full")
                == "Receiving on 127.0.0.1:8080; 12034 events; takes no events: storage_full; cannot apply: storage_full; 17 notifications under way; no answer from books, mail"
        )
    }
}

import Dispatch
import EventStore
import Logging
import PaymentCore
import TestSupport

@testable import Worker

/// A real store in a directory of its own, with the two halves of the worker to be stepped by hand at times the test chooses.
/// A recording sender answers at once, so whatever a step sends has its result by the next one.
final class Rig {
    let directory: TemporaryDirectory
    let store: EventStore
    let sender: RecordingSender
    var apply: ApplyEvents
    var notify: Notify
    /// The wall clock, in milliseconds.
    var now = Life.start + 3_600_000

    static let secret = EndpointSecret.generate()

    static func endpoint(_ name: String = "shop", patterns: [String] = ["*"], secrets: [EndpointSecret] = [secret]) -> Endpoint {
        Endpoint(name: name, url: "http://\(name).test/hook", secrets: secrets, patterns: patterns.compactMap(EventPattern.init))
    }

    init(
        endpoints: [Endpoint] = [endpoint()], settings: WorkerSettings = WorkerSettings(), sender: RecordingSender = RecordingSender(),
        in directory: TemporaryDirectory? = nil
    ) throws {
        let directory = try directory ?? TemporaryDirectory()
        self.directory = directory
        self.sender = sender
        store = try EventStore.open(path: directory.path + "/terima.db")
        apply = ApplyEvents(store: store, endpoints: endpoints, logger: .silent)
        notify = Notify(
            store: store, endpoints: endpoints, settings: settings, sender: sender, jitter: { 0 }, logger: .silent, onResult: {})
    }

    deinit { store.close() }

    /// Stores bodies one after the other, as they would arrive.
    func receive(_ bodies: [[UInt8]]) async {
        for body in bodies { await receive(body) }
    }

    @discardableResult
    func receive(_ body: [UInt8]) async -> AppendOutcome { await store.receive(body, at: now) }

    /// Applies everything that waits.
    func applyAll() throws {
        while try apply.step(now: Instant(milliseconds: now)).hasMore {}
    }

    /// Steps at this moment until nothing more is sent; returns the next due time, in milliseconds from now.
    @discardableResult
    func notifyAll() throws -> Int64? {
        while true {
            let before = sender.sent.count
            let next = try notify.step(now: Instant(milliseconds: now))
            guard sender.sent.count > before else { return next.map { $0.milliseconds - now } }
        }
    }

    /// Applies and sends everything; then goes on to each next due time, so often or until nothing is left to do.
    func run(rounds: Int = 100) throws {
        for _ in 0..<rounds {
            try applyAll()
            guard let wait = try notifyAll() else { return }
            now += wait
        }
    }
}

extension EventStore {
    /// What the receiver does with a signed body.
    func receive(_ body: [UInt8], at milliseconds: Int64) async -> AppendOutcome {
        let event = EventDecoder.decode(body: body, receivedAt: Instant(milliseconds: milliseconds))
        return await withCheckedContinuation { continuation in append(event) { continuation.resume(returning: $0) } }
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

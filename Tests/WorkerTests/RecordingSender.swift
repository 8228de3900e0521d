import PaymentCore
import Synchronization
import Worker

/// A sender that answers as the test says, and remembers what was sent.
final class RecordingSender: Sender {
    /// What to answer; nil leaves the attempt under way until `release`.
    typealias Script = @Sendable (_ request: OutgoingRequest, _ number: Int) -> AttemptResult?

    struct Sent: Sendable {
        var request: OutgoingRequest

        func header(_ name: String) -> String { request.headers.first { $0.name.lowercased() == name }?.value ?? "" }
        var id: String { header("webhook-id") }
        var document: JSONValue? { try? JSONDocument.parse(request.body).root }
        var type: String { document?["type"]?.string ?? "" }
        var subject: String { document?["subject"]?.string ?? "" }
        var version: Int64? { document?["data"]?["version"]?.integerValue }
    }

    private struct State {
        var script: Script
        var sent: [Sent] = []
        var held: [(url: String, completion: @Sendable (AttemptResult) -> Void)] = []
        var canceled = 0
    }

    private let state: Mutex<State>
    /// One element for each request, once it is under way.
    let arrivals: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation

    init(_ script: @escaping Script = { _, _ in .answered(status: 204, retryAfter: nil) }) {
        state = Mutex(State(script: script))
        (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    }

    var sent: [Sent] { state.withLock { $0.sent } }
    var underWay: Int { state.withLock { $0.held.count } }
    var canceled: Int { state.withLock { $0.canceled } }

    /// From now on.
    func answer(_ script: @escaping Script) { state.withLock { $0.script = script } }

    func answer(status: Int) { answer { _, _ in .answered(status: status, retryAfter: nil) } }

    /// Ends what is under way, to one endpoint or to all.
    func release(_ result: AttemptResult, url: String? = nil) {
        let ended = state.withLock { state in
            let ended = state.held.filter { url == nil || $0.url == url }
            state.held.removeAll { url == nil || $0.url == url }
            return ended
        }
        for attempt in ended { attempt.completion(result) }
    }

    func forgetSent() { state.withLock { $0.sent = [] } }

    func send(_ request: OutgoingRequest, completion: @escaping @Sendable (AttemptResult) -> Void) -> Cancellation {
        let result = state.withLock { state in
            state.sent.append(Sent(request: request))
            let result = state.script(request, state.sent.count)
            if result == nil { state.held.append((request.url, completion)) }
            return result
        }
        arrived.yield()
        if let result { completion(result) }
        return Cancellation { self.state.withLock { $0.canceled += 1 } }
    }
}

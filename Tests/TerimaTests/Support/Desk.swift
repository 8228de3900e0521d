import EventStore
import NIOCore
import NIOPosix
import PaymentCore
import TestSupport
import Worker

@testable import Terima

/// The operations of a running service without its listeners: what is received here is stored, applied and announced.
struct Desk: Sendable {
    let store: EventStore
    let feed: ChangeFeed
    let operations: Operations

    /// A desk over a copy of the template's database for as long as `body` runs.
    static func with(
        _ settings: ChangeFeed.Settings = .init(), ask: (@Sendable (String) -> Interest)? = nil, _ body: (Desk) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let store = try EventStore.open(path: try await Template.copy(to: directory))
        defer { store.close() }
        let readers = try ReaderPool(path: store.path)
        defer { readers.close() }
        let feed = ChangeFeed(settings: settings)
        store.onCommit { feed.announce($0) }
        let operations = Operations(
            path: store.path, readers: readers, store: store, endpoints: [], now: { Template.now }, feed: feed,
            loop: MultiThreadedEventLoopGroup.singleton.any(), ask: ask)
        defer { feed.close() }
        try await body(Desk(store: store, feed: feed, operations: operations))
    }

    /// A webhook, stored and applied.
    func receive(_ body: [UInt8]) async throws {
        await store.receive(body, at: Template.now)
        try store.applyAll(endpoints: [], now: Template.now)
    }

    /// Asks for a charge as `GET /v1/charges/{id}` does.
    func charge(_ name: String, _ parameters: [(String, String)]) async throws -> OperatorAnswer {
        try await operations.answer(.show(.charges, id: name, Parameters(parameters)))
    }
}

extension OperatorAnswer {
    var json: JSONValue? { try? JSONDocument.parse(bytes).root }
}

extension ChangeFeed {
    /// Lets others run until so many requests wait.
    func untilWaiting(_ count: Int) async {
        while waiting != count { await Task.yield() }
    }

    func untilStreams(_ count: Int) async {
        while streams != count { await Task.yield() }
    }
}

import EventStore
import Foundation
import NIOPosix
import PaymentCore
import TestSupport

@testable import Worker

/// A running worker with everything real around it.
struct Service: Sendable {
    var store: EventStore
    var shop: TestShop
    var worker: Worker
    let steps: AsyncStream<Void>

    static func wallClock() -> Instant { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    func backlog() async throws -> Backlog { try await store.writeAsync("look") { try $0.backlog(endpoint: "shop") } }

    /// Waits from step to step of the worker until the store shows it.
    func until(_ isTrue: @escaping @Sendable (Transaction) throws -> Bool) async {
        func look() async -> Bool { (try? await store.writeAsync("look", isTrue)) ?? false }
        if await look() { return }
        for await _ in steps where await look() { return }
    }
}

/// Runs `body` with a worker on a store and a shop of its own, and takes everything down after it. `others` come after the shop's endpoint.
func withService(
    endpoints: [Endpoint]? = nil, others: [Endpoint] = [], settings: WorkerSettings = WorkerSettings(), sender: (any Sender)? = nil,
    now: @escaping @Sendable () -> Instant = Service.wallClock, uptime: @escaping @Sendable () -> Int64 = Worker.machineUptime, starting: Bool = true,
    answering answer: @escaping @Sendable (TestShop.Received) -> TestShop.Answer = { _ in .status(204) }, _ body: (Service) async throws -> Void
) async throws {
    let directory = try TemporaryDirectory()
    let store = try EventStore.open(path: directory.path + "/terima.db")
    let shop = try await TestShop.start(answering: answer)
    let http = HTTPSender(group: MultiThreadedEventLoopGroup.singleton)
    var target = Rig.endpoint()
    target.url = shop.url
    let (steps, step) = AsyncStream.makeStream(of: Void.self)
    let worker = Worker(
        store: store, endpoints: (endpoints ?? [target]) + others, settings: settings, sender: sender ?? http, now: now, uptime: uptime, jitter: { 0 },
        logger: .silent, onStep: { step.yield() })
    let service = Service(store: store, shop: shop, worker: worker, steps: steps)
    if starting { worker.start() }
    let result: Result<Void, any Error>
    do { result = .success(try await body(service)) } catch { result = .failure(error) }
    await worker.stopped(within: 0)
    await http.shutdown()
    await shop.stop()
    store.close()
    try result.get()
}

package import EventStore
package import NIOCore
package import PaymentCore
package import Worker

/// Answers operators' requests, for the HTTP routes and the commands alike.
package struct Operations: Sendable {
    let file: DatabaseFile
    let readers: ReaderPool
    /// nil for a command that only reads while the service is down.
    let store: EventStore?
    let endpoints: [Endpoint]
    let now: @Sendable () -> Instant
    /// When what takes too long becomes alarming.
    let alarmRules: AlarmRules
    /// Whether PPRO's API is configured.
    let asksPPRO: Bool
    /// How long bodies are kept, in milliseconds, unless a purge says otherwise.
    let retention: Int64
    /// nil while the service is down.
    let live: LiveState?
    let feed: ChangeFeed?
    let loop: (any EventLoop)?
    /// Has PPRO asked about a charge, by its id or `merchantPaymentChargeReference`, and returns at once; nil when its API is not configured.
    let ask: (@Sendable (_ chargeIdOrReference: String) -> Interest)?

    /// 90 days.
    package static let standardRetention: Int64 = 90 * 86_400_000

    package init(
        path: String, readers: ReaderPool, store: EventStore?, endpoints: [Endpoint], now: @escaping @Sendable () -> Instant,
        alarmRules: AlarmRules = .init(), asksPPRO: Bool = false, retention: Int64 = Self.standardRetention, live: LiveState? = nil, feed: ChangeFeed? = nil,
        loop: (any EventLoop)? = nil,
        ask: (@Sendable (_ chargeIdOrReference: String) -> Interest)? = nil
    ) {
        file = DatabaseFile(path: path)
        (self.asksPPRO, self.retention) = (asksPPRO, retention)
        (self.readers, self.store, self.endpoints, self.now, self.alarmRules) = (readers, store, endpoints, now, alarmRules)
        (self.live, self.feed, self.loop, self.ask) = (live, feed, loop, ask)
    }

    /// - Throws: `Problem`, or a `StoreError` that `Problem(_:)` understands.
    package func answer(_ request: OperatorRequest) async throws -> OperatorAnswer {
        switch request {
        case .list(.events, let parameters): try await events(parameters)
        case .list(.charges, let parameters): try await charges(parameters)
        case .list(.agreements, let parameters): try await agreements(parameters)
        case .list(.deliveries, let parameters): try await deliveries(parameters)
        case .show(let collection, let id, let parameters): try await show(collection, id, parameters)
        case .body(let event): try await body(event)
        case .status: try await status()
        case .alarms(let parameters): try await alarms(parameters)
        case .metrics: try await metrics()
        case .replay(let document): try await replay(document)
        case .rebuild(let document): try await rebuild(document)
        case .reconcile(let document): try await reconcile(document)
        case .acknowledge(let document): try await acknowledge(document)
        case .backUp(let document): try await backUp(document)
        case .purge(let document): try await purge(document)
        case .erase(let document): try await erase(document)
        }
    }
}

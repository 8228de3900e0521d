import Logging
import NIOPosix
import PaymentCore
import Synchronization
import Testing

@testable import PPRO

/// A client against a scripted API, with a clock that only waiting moves.
struct Rig: Sendable {
    static let key = "key_sandbox_never-printed"

    let api: ScriptedAPI
    let client: PPROClient
    let clock: TestClock

    /// A rig for one test; shut down at its end.
    static func run<Result: Sendable>(
        _ script: [ScriptedAPI.Answer], adjust: (inout PPROSettings) -> Void = { _ in }, _ body: (Rig) async throws -> Result
    ) async throws -> Result {
        let api = try await ScriptedAPI.start(script)
        let clock = TestClock()
        var settings = try PPROSettings(baseURL: api.url, key: try #require(PPROKey(key)), merchantId: "merch_1")
        settings.requestsPerSecond = 1000
        adjust(&settings)
        let client = PPROClient(
            settings: settings, group: MultiThreadedEventLoopGroup.singleton, now: { clock.now }, random: { clock.random() },
            wait: { try await clock.wait($0) }, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        do {
            let result = try await body(Rig(api: api, client: client, clock: clock))
            await client.shutdown()
            await api.stop()
            return result
        } catch {
            await client.shutdown()
            await api.stop()
            throw error
        }
    }

    /// The error of a call that must fail; it never holds the key.
    func failure<Value>(_ call: (PPROClient) async throws(AuthorityError) -> Value) async throws -> AuthorityError {
        do throws(AuthorityError) {
            _ = try await call(client)
        } catch {
            #expect(!"\(error)".contains(Rig.key))
            return error
        }
        throw NoFailure()
    }

    struct NoFailure: Error {}

    /// A key that ends in the number.
    static func idempotencyKey(_ number: UInt64 = 1) -> IdempotencyKey {
        var halves = [0, number]
        return IdempotencyKey(random: { halves.removeFirst() })
    }
}

/// Waiting takes no time here, it moves the clock on.
final class TestClock: Sendable {
    private let state = Mutex((now: Int64(1_780_000_000_000), waits: [Int64](), isCanceling: false))

    var now: Instant { Instant(milliseconds: state.withLock { $0.now }) }
    /// Every wait so far, in milliseconds.
    var waits: [Int64] { state.withLock { $0.waits } }

    func advance(_ milliseconds: Int64) { state.withLock { $0.now += milliseconds } }

    /// From now on no wait comes to its end; or, with false, every one again.
    func cancelWaits(_ isCanceling: Bool = true) { state.withLock { $0.isCanceling = isCanceling } }

    /// No luck: of every delay only the half that is not left to the dice.
    func random() -> UInt64 { 0 }

    func wait(_ milliseconds: Int64) async throws {
        let isCanceled = state.withLock { state in
            if !state.isCanceling {
                state.waits.append(milliseconds)
                state.now += milliseconds
            }
            return state.isCanceling
        }
        if isCanceled { throw CancellationError() }
    }
}

import Dispatch
import EventStore
import NIOCore
import NIOPosix
import PaymentCore
import Synchronization
import Testing
import TestSupport

@testable import Terima
@testable import Worker

@Suite(.timeLimit(.minutes(5))) struct WatchdogTests {
    /// A part that answers when the test says so.
    private final class Hand: Sendable {
        private let asked = Mutex<[@Sendable () -> Void]>([])
        let name: String

        init(_ name: String) { self.name = name }

        var part: Watchdog.Part { Watchdog.Part(name: name) { echo in self.asked.withLock { $0.append(echo) } } }
        var isAsked: Bool { asked.withLock { !$0.isEmpty } }

        func answer() {
            let echoes = asked.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            for echo in echoes { echo() }
        }
    }

    /// What a watchdog has said.
    private final class Record: Sendable {
        let said = Mutex<[String]>([])
        let signs: AsyncStream<Void>
        private let sign: AsyncStream<Void>.Continuation

        init() { (signs, sign) = AsyncStream.makeStream(of: Void.self) }

        var all: [String] { said.withLock { $0 } }

        func watchdog(_ parts: [Watchdog.Part]) -> Watchdog {
            Watchdog(parts: parts) {
                self.said.withLock { $0.append("alive") }
                self.sign.yield()
            } onStuck: { names in
                self.said.withLock { $0.append("stuck: \(names.joined(separator: " "))") }
            }
        }
    }

    @Test func aSignOfLifeNeedsEveryPartInEveryRound() {
        let (left, right, record) = (Hand("left"), Hand("right"), Record())
        let watchdog = record.watchdog([left.part, right.part])
        watchdog.tick()
        left.answer()
        #expect(record.all.isEmpty)
        right.answer()
        #expect(record.all == ["alive"])
        watchdog.tick()
        right.answer()
        left.answer()
        #expect(record.all == ["alive", "alive"])
    }

    @Test func whoIsSilentIsNamedOnceAndMayStillAnswer() {
        let (left, right, record) = (Hand("left"), Hand("right"), Record())
        let watchdog = record.watchdog([left.part, right.part])
        watchdog.tick()
        watchdog.tick()
        watchdog.tick()
        #expect(record.all == ["stuck: left right"])
        right.answer()
        // Nobody is asked again before the round is complete: nothing gathers behind what is stuck.
        #expect(!right.isAsked)
        watchdog.tick()
        #expect(record.all == ["stuck: left right", "stuck: left"])
        left.answer()
        #expect(record.all == ["stuck: left right", "stuck: left", "stuck: ", "alive"])
        watchdog.tick()
        #expect(left.isAsked && right.isAsked)
    }

    @Test func anEchoTooManyIsNoAnswerOfAnother() {
        let record = Record()
        let twice = Watchdog.Part(name: "twice") { echo in
            echo()
            echo()
        }
        let silent = Hand("silent")
        record.watchdog([twice, silent.part]).tick()
        #expect(record.all.isEmpty)
        silent.answer()
        #expect(record.all == ["alive"])
    }

    /// What `terima serve` watches, with the part of that name really stuck: `stick` has it run a block that does not end.
    private func whileStuck(_ name: String, _ stick: (Rig, @escaping @Sendable () -> Void) throws -> Void) async throws {
        let rig = try Rig()
        let record = Record()
        let parts = Watchdog.parts(rig.store, rig.worker, rig.group)
        let watchdog = record.watchdog(parts)
        var signs = record.signs.makeAsyncIterator()
        watchdog.tick()
        await signs.next()
        #expect(record.all == ["alive"])

        let gate = DispatchSemaphore(value: 0)
        try await withCheckedThrowingContinuation { (begun: CheckedContinuation<Void, any Error>) in
            do {
                try stick(rig) {
                    begun.resume()
                    gate.wait()
                }
            } catch { begun.resume(throwing: error) }
        }
        watchdog.tick()
        // Asked after the watchdog has asked: once the others have answered this, they have answered that.
        for part in parts where part.name != name { await part.answer() }
        watchdog.tick()
        watchdog.tick()
        #expect(record.all == ["alive", "stuck: \(name)"])

        gate.signal()
        await signs.next()
        #expect(record.all == ["alive", "stuck: \(name)", "stuck: ", "alive"])
        try await rig.end()
    }

    @Test func aStuckWriterEndsTheSigns() async throws {
        try await whileStuck("writer") { rig, block in
            DispatchQueue.global().async { try? rig.store.write("test") { _ in block() } }
        }
    }

    @Test func aStuckWorkerEndsTheSigns() async throws {
        try await whileStuck("worker") { rig, block in
            rig.inStep.put(block)
            rig.worker.wake()
        }
    }

    @Test(arguments: [0, 1]) func aStuckEventLoopEndsTheSigns(number: Int) async throws {
        try await whileStuck("event loop \(number + 1)") { rig, block in
            let loops = Array(rig.group.makeIterator())
            try #require(loops.count == 2)
            loops[number].execute(block)
        }
    }

    /// A worker that cannot write does not make progress either.
    @Test func aWorkerThatWaitsForTheWriterIsSilent() async throws {
        let rig = try Rig(endpoints: [Endpoint(name: "shop", url: "http://127.0.0.1:1/", secrets: [], patterns: [])])
        let record = Record()
        let parts = Watchdog.parts(rig.store, rig.worker, rig.group)
        let watchdog = record.watchdog(parts)
        let gate = DispatchSemaphore(value: 0)
        await withCheckedContinuation { (begun: CheckedContinuation<Void, Never>) in
            DispatchQueue.global().async {
                try? rig.store.write("test") { _ in
                    begun.resume()
                    gate.wait()
                }
            }
        }
        watchdog.tick()
        for part in parts where part.name.hasPrefix("event loop") { await part.answer() }
        watchdog.tick()
        #expect(record.all == ["stuck: writer worker"])
        gate.signal()
        var signs = record.signs.makeAsyncIterator()
        await signs.next()
        try await rig.end()
    }

    @Test func systemdsPatienceIsDividedByFour() {
        #expect(WatchdogService.intervalMilliseconds(30_000_000) == 7_500)
        #expect(WatchdogService.intervalMilliseconds(1) == 1)
        #expect(WatchdogService.intervalMilliseconds(.max) == 15_000)
        #expect(WatchdogService.intervalMilliseconds(nil) == 15_000)
    }

    /// From the parts to systemd's socket, paced by a real timer.
    @Test func systemdHearsOfLifeAndOfWhoIsStuck() async throws {
        let directory = try TemporaryDirectory()
        let listener = try NotifyListener(directory.file("notify"))
        let notify = NotifySocket(name: directory.file("notify")) { Issue.record("\($0)") }
        let isSilent = Mutex(false)
        let part = Watchdog.Part(name: "left\n") { echo in if !isSilent.withLock({ $0 }) { echo() } }
        let service = WatchdogService(notify: notify, parts: [part], patienceMicroseconds: 4_000, status: { "1 event\n" }, logger: .silent)
        let running = Task { try await service.run() }
        for _ in 1...3 { #expect(listener.next() == ["WATCHDOG=1", "STATUS=1 event?"]) }
        isSilent.withLock { $0 = true }
        var report = listener.next()
        while report.first == "WATCHDOG=1" { report = listener.next() }
        #expect(report == ["STATUS=Makes no progress: left?"])
        running.cancel()
        try await running.value
    }
}

extension Watchdog.Part {
    fileprivate func answer() async { await withCheckedContinuation { (answered: CheckedContinuation<Void, Never>) in ask { answered.resume() } } }
}

/// A real store, a real worker that may be held up in a step, and two event loops.
private final class Rig: Sendable {
    let store: EventStore
    let worker: Worker
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    /// What the worker does at the end of its next step.
    let inStep: Held
    private let directory: TemporaryDirectory

    /// A block for one time.
    final class Held: Sendable {
        private let block = Mutex<(@Sendable () -> Void)?>(nil)

        func put(_ block: @escaping @Sendable () -> Void) { self.block.withLock { $0 = block } }

        func take() -> (@Sendable () -> Void)? {
            block.withLock { block in
                defer { block = nil }
                return block
            }
        }
    }

    private struct NoSender: Sender {
        func send(_: OutgoingRequest, completion: @escaping @Sendable (AttemptResult) -> Void) -> Cancellation { Cancellation {} }
    }

    init(endpoints: [Endpoint] = []) throws {
        directory = try TemporaryDirectory()
        store = try EventStore.open(path: directory.file("terima.db"))
        let held = Held()
        inStep = held
        worker = Worker(
            store: store, endpoints: endpoints, settings: WorkerSettings(), sender: NoSender(), now: WallClock.now, jitter: { 0 }, logger: .silent,
            onStep: { held.take()?() })
        worker.start()
    }

    func end() async throws {
        await withCheckedContinuation { (stopped: CheckedContinuation<Void, Never>) in worker.stop(within: 0) { stopped.resume() } }
        store.close()
        try await group.shutdownGracefully()
    }
}
